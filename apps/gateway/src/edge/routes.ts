import type { FastifyRequest } from 'fastify';
import type { Received } from '@parsimony/contract';
import type { SpokenCall } from '../calls/call-runner.js';
import { parseChatBody } from './bodies/chat-body.js';
import { parseEmbeddingsBody } from './bodies/embeddings-body.js';
import { parseJson } from './bodies/json-body.js';
import { parseMessagesBody } from './bodies/messages-body.js';
import { parseModerationsBody } from './bodies/moderations-body.js';
import { parseResponsesBody } from './bodies/responses-body.js';
import { parseSpeechBody } from './bodies/speech-body.js';
import { parseTranscriptionForm } from './bodies/transcription-form.js';

/** Reads what a request asks for. @throws InvalidJson, InvalidRequest, UnsupportedParameter */
export type ReadCall = (request: FastifyRequest) => SpokenCall | Promise<SpokenCall>;

interface Route {
  readonly path: string;
  readonly read: ReadCall;
}

/** Routes whose requests are JSON. */
export const JSON_ROUTES: readonly Route[] = [
  {
    path: '/chat/completions',
    read: (request) => {
      const { body, received } = readJson(request, parseChatBody);
      return { operation: 'chat.completions', body, stream: body.stream === true, received };
    },
  },
  {
    path: '/responses',
    read: (request) => {
      const { body, received } = readJson(request, parseResponsesBody);
      return { operation: 'responses', body, stream: body.stream === true, received };
    },
  },
  {
    path: '/messages',
    read: (request) => {
      const { body, received } = readJson(request, parseMessagesBody);
      const betas = betasOf(request);
      return { operation: 'messages', body, stream: body.stream === true, received, ...(betas && { betas }) };
    },
  },
  {
    path: '/embeddings',
    read: (request) => ({ operation: 'embeddings', stream: false, ...readJson(request, parseEmbeddingsBody) }),
  },
  {
    path: '/moderations',
    read: (request) => ({ operation: 'moderations', stream: false, ...readJson(request, parseModerationsBody) }),
  },
  {
    path: '/audio/speech',
    read: (request) => ({ operation: 'audio.speech', stream: true, ...readJson(request, parseSpeechBody) }),
  },
];

/** Routes whose requests are forms with a recording. */
export const FORM_ROUTES: readonly Route[] = (['audio.transcriptions', 'audio.translations'] as const).map(
  (operation) => ({
    path: `/${operation.replace('.', '/')}`,
    read: async (request) => {
      const bytes = request.body as Buffer;
      const contentType = String(request.headers['content-type']);
      const body = await parseTranscriptionForm(bytes, contentType);
      return { operation, body, stream: body.stream === true, received: { bytes, body, contentType } };
    },
  }),
);

function readJson<Body>(
  request: FastifyRequest,
  parse: (body: unknown) => Body,
): { readonly body: Body; readonly received: Received<Body> } {
  const bytes = request.body as Buffer;
  const sent = parseJson(bytes);
  const body = parse(sent);
  // What the parser added is not in the bytes: it counts as a change to what was received.
  return { body, received: { bytes, body: sent as Body } };
}

function betasOf({ headers }: FastifyRequest): string[] | undefined {
  const line = headers['anthropic-beta'];
  return line === undefined
    ? undefined
    : String(line)
        .split(',')
        .map((name) => name.trim());
}
