import { OPENAI_PATHS, type Dialect } from './dialect.js';

/** Gemini through Google's own OpenAI-compatible endpoint (Gemini API documentation, "OpenAI compatibility"). */
export const GEMINI_DIALECT: Dialect = {
  catalogue: 'google',
  defaultBaseUrl: 'https://generativelanguage.googleapis.com/v1beta/openai',
  keyHeader: 'authorization',
  headers: [],
  paths: { 'chat.completions': OPENAI_PATHS['chat.completions'], embeddings: OPENAI_PATHS.embeddings },
  body: { usageOption: true },
  reasoning: 'by-total',
};
