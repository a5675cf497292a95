export { ENGLISH_LIKE, languageOf, type Language } from './language.js';
export { questionOf } from './question.js';
export { systemPromptOf } from './system-prompt.js';
