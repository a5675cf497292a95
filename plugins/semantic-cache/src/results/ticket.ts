import { z } from 'zod';
import type { Pending } from '../verification/index.js';

const VERSION = 1;
const number = z.number().min(-100).max(100);

const written = z.tuple([
  z.literal(VERSION),
  z.uuid(),
  z.string().max(64),
  z.array(number).max(64),
  number,
  number,
  z.number().gt(0).max(1).nullable(),
]);

/**
 * What a look-up that missed leaves for the value that its caller then makes. Any gateway can read it. It bears no
 * signature: it counts within its own tenant and namespace only, where a forged one can teach nothing that a forged value
 * could not.
 */
export function writeTicket({ entry, answer, evidence, prior, score, audit, auditRate }: Pending): string {
  const fields = [
    VERSION,
    entry,
    answer,
    evidence.map(rounded),
    rounded(prior),
    rounded(score),
    audit ? auditRate : null,
  ];
  return Buffer.from(JSON.stringify(fields)).toString('base64url');
}

/** @returns undefined for what is no ticket: nothing is learnt then. */
export function readTicket(ticket: string): Pending | undefined {
  let fields: unknown;
  try {
    fields = JSON.parse(Buffer.from(ticket, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
  const { data } = written.safeParse(fields);
  if (!data) return undefined;
  const [, entry, answer, evidence, prior, score, auditRate] = data;
  return { entry, answer, evidence, prior, score, audit: auditRate !== null, auditRate: auditRate ?? 1 };
}

/** A ticket must fit into a URL or a header. */
function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
