import type { AddressInfo } from 'node:net';
import { AnswerBook, type AnswerBookEntry } from './answers/answer-book.js';
import type { Meaning } from './answers/meanings.js';
import type { BillReport } from './bill.js';
import { Provider } from './provider.js';
import type { ReceivedRequest } from './request-log.js';
import { createServer } from './server.js';
import type { Settings, SettingsPatch } from './settings.js';

export interface SimulatorOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  readonly settings?: SettingsPatch;
  readonly answerBook?: Iterable<AnswerBookEntry>;
  readonly meanings?: readonly Meaning[];
}

/** A running simulator. */
export interface Simulator extends AsyncDisposable {
  /** Its root, for example `http://127.0.0.1:4010`; the provider's base URL is `${url}/v1`. */
  readonly url: string;
  readonly port: number;
  /** Changes what the patch names. @throws InvalidField; then nothing has changed. */
  configure(patch: SettingsPatch): Settings;
  /** Makes known which questions mean the same; they add up. */
  teach(meanings: readonly Meaning[]): void;
  /** What was charged so far. */
  bill(): BillReport;
  /** The last requests that had a body, oldest first. */
  requests(last: number): readonly ReceivedRequest[];
  /** Stops listening and closes every connection. */
  close(): Promise<void>;
}

/**
 * Starts a simulated provider in this process.
 *
 * @throws InvalidField where a setting is wrong; the system's error where the port is taken.
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const provider = new Provider(new AnswerBook(options.answerBook ?? []));
  provider.configure(options.settings ?? {});
  provider.meanings.add(options.meanings ?? []);
  const server = createServer(provider);
  const host = options.host ?? '127.0.0.1';
  await server.listen({ port: options.port ?? 0, host });
  const { port } = server.server.address() as AddressInfo;
  const close = async (): Promise<void> => server.close();
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    configure: (patch) => provider.configure(patch),
    teach: (meanings) => provider.meanings.add(meanings),
    bill: () => provider.bill.report(),
    requests: (last) => (JSON.parse(provider.requests.toJson(last)) as { requests: ReceivedRequest[] }).requests,
    close,
    [Symbol.asyncDispose]: close,
  };
}
