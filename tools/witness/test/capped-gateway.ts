import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { PicoDollars } from '@parsimony/contract';

/** Of gpt-4.1-mini, in pico-dollars a token. */
const INPUT = 400_000n;
const OUTPUT = 1_600_000n;
/** Bytes are never fewer than tokens; what frames a message is less than this. */
const FRAME_TOKENS = 16;

/** How a gateway keeps a cap. */
export interface Discipline {
  /** @returns what it set aside; undefined: the call is refused. */
  admit(worstCase: PicoDollars): PicoDollars | undefined;
  settle(setAside: PicoDollars, cost: PicoDollars): void;
}

/** As many gateways do: whoever comes before the first bill gets in. */
export function checkThenCharge(cap: PicoDollars): Discipline {
  let spent = 0n;
  return {
    admit: () => (spent < cap ? 0n : undefined),
    settle: (_setAside, cost) => void (spent += cost),
  };
}

/** Sets the worst case aside before the provider hears of the call. */
export function reserveThenSettle(cap: PicoDollars): Discipline {
  let taken = 0n;
  return {
    admit: (worstCase) => {
      if (taken + worstCase > cap) return undefined;
      taken += worstCase;
      return worstCase;
    },
    settle: (setAside, cost) => void (taken += cost - setAside),
  };
}

export interface CappedGatewayOptions {
  readonly upstream: string;
  readonly discipline: Discipline;
  readonly refusal?: { readonly status: number; readonly body: string };
  /** Looks at a call first; true: it has answered it. */
  readonly before?: (response: ServerResponse) => boolean;
}

const BUDGET_EXCEEDED = { status: 402, body: '{"error":{"message":"no money left","code":"budget_exceeded"}}' };

/** A gateway of some forty lines in front of a real simulator. */
export async function startCappedGateway(options: CappedGatewayOptions): Promise<AsyncDisposable & { url: string }> {
  const server = createServer((request, response) => {
    serve(request, response, options).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  { upstream, discipline, before, refusal = BUDGET_EXCEEDED }: CappedGatewayOptions,
): Promise<void> {
  const body = await text(request);
  if (before?.(response)) return;
  const wish = JSON.parse(body) as { readonly max_tokens: number; readonly stream?: boolean };
  const worstCase = BigInt(Buffer.byteLength(body) + FRAME_TOKENS) * INPUT + BigInt(wish.max_tokens) * OUTPUT;
  const setAside = discipline.admit(worstCase);
  if (setAside === undefined) return void response.writeHead(refusal.status).end(refusal.body);
  const answer = await fetch(`${upstream}${request.url ?? ''}`, {
    method: 'POST',
    headers: { authorization: 'Bearer sk-upstream', 'content-type': 'application/json' },
    body: JSON.stringify({ ...wish, ...(wish.stream && { stream_options: { include_usage: true } }) }),
  });
  const said = await answer.text();
  discipline.settle(setAside, costOf(said));
  response.writeHead(answer.status).end(said);
}

function costOf(said: string): PicoDollars {
  const count = (name: string): bigint => BigInt(new RegExp(`"${name}":(\\d+)`).exec(said)?.[1] ?? 0);
  return count('prompt_tokens') * INPUT + count('completion_tokens') * OUTPUT;
}
