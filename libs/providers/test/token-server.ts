import { startHttpServer, type LoopbackServer } from './loopback-server.js';

export interface TokenServer extends LoopbackServer {
  /** Without a path, as an authority is configured. */
  readonly origin: string;
  /** The forms that asked for a token. */
  readonly asked: readonly URLSearchParams[];
  /** How the next requests are answered; a token that counts up unless told. */
  behaviour: 'grant' | 'garbage' | 'fail' | 'throttle' | 'silence';
  /** Seconds that a token lives. */
  life: number;
}

export const CLIENT = { tenantId: 'tenant-1', clientId: 'client-1', clientSecret: 'секрет &=+' };

/** A token endpoint for the client credentials grant, as Entra ID answers (RFC 6749, sections 4.4 and 5). */
export async function startTokenServer(): Promise<TokenServer> {
  const asked: URLSearchParams[] = [];
  const server = await startHttpServer(async (request, response) => {
    const form = new URLSearchParams((await request.toArray()).join(''));
    asked.push(form);
    if (state.behaviour === 'silence') return;
    const reply = (status: number, body: object): unknown =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (state.behaviour === 'fail') return response.writeHead(503).end('busy');
    if (state.behaviour === 'garbage') return response.end('<html></html>');
    if (state.behaviour === 'throttle') return reply(429, { error: 'temporarily_unavailable' });
    const known =
      request.url === `/${CLIENT.tenantId}/oauth2/v2.0/token` &&
      form.get('grant_type') === 'client_credentials' &&
      form.get('client_id') === CLIENT.clientId &&
      form.get('client_secret') === CLIENT.clientSecret;
    if (!known)
      return reply(401, { error: 'invalid_client', error_description: `AADSTS7000215: ${CLIENT.clientSecret}` });
    return reply(200, { token_type: 'Bearer', access_token: `token-${asked.length}`, expires_in: state.life });
  });
  const state: Pick<TokenServer, 'behaviour' | 'life'> = { behaviour: 'grant', life: 3600 };
  return Object.assign(state, {
    ...server,
    origin: `http://127.0.0.1:${server.port}`,
    asked,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  });
}
