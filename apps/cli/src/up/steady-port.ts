import { createServer, type AddressInfo } from 'node:net';

/**
 * A port that stays the same when what listens on it is started again, as those that ask there expect.
 *
 * @param wished 0: any.
 * @returns the wished one, or another that is free where somebody has that.
 */
export async function steadyPort(host: string, wished: number): Promise<number> {
  return (await listenedOn(host, wished)) ?? (await listenedOn(host, 0)) ?? wished;
}

/** @returns the port after it was let go again; undefined where it cannot be had. */
function listenedOn(host: string, port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ host, port, exclusive: true }, () => {
      const { port: given } = server.address() as AddressInfo;
      server.close(() => resolve(given));
    });
  });
}
