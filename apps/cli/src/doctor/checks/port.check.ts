import { createServer } from 'node:net';
import { fail, ok, warn, type Finding } from '../finding.js';
import type { Patient } from '../patient.js';

const CHECK = 'port';
const PATIENCE_MS = 3_000;

interface Readiness {
  readonly status?: unknown;
  readonly journalWritable?: unknown;
  readonly ledgerFailing?: unknown;
}

/** Whether the gateway's port is free, or whether the gateway itself has it, and is well. */
export async function checkPort({ environment }: Patient): Promise<readonly Finding[]> {
  const { HOST: host, PORT: port } = environment;
  const problem = await listenProblem(host, port);
  if (problem === undefined) return [ok(CHECK, `${port} is free`)];
  if (problem !== 'EADDRINUSE') {
    return [fail(CHECK, `nothing can listen on ${host}:${port} (${problem})`, 'choose another HOST or PORT')];
  }
  const readiness = await askGateway(environment);
  if (!readiness) {
    return [
      warn(CHECK, `${port} is taken, by no gateway that answers here`, 'stop what has it, or choose another PORT'),
    ];
  }
  if (readiness.journalWritable === false) {
    return [fail(CHECK, 'the gateway runs and cannot write its journal: it refuses calls', 'make room on its disk')];
  }
  return [
    readiness.ledgerFailing === true
      ? warn(CHECK, 'the gateway runs, and the database does not take what it writes', 'look at its log')
      : ok(CHECK, `the gateway runs on ${port}: ${String(readiness.status)}`),
  ];
}

function listenProblem(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

async function askGateway({ HOST, PORT, PARSIMONY_TLS_CERT }: Patient['environment']): Promise<Readiness | undefined> {
  const anywhere = HOST === '0.0.0.0' || HOST === '::';
  const host = anywhere ? '127.0.0.1' : HOST.includes(':') ? `[${HOST}]` : HOST;
  try {
    const url = `${PARSIMONY_TLS_CERT === undefined ? 'http' : 'https'}://${host}:${PORT}/readyz`;
    const answer: unknown = await (await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) })).json();
    return typeof answer === 'object' && answer !== null && 'status' in answer ? answer : undefined;
  } catch {
    return undefined;
  }
}
