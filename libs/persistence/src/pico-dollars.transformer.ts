import { formatUsd, parseUsd } from '@parsimony/contract';
import type { PicoDollars } from '@parsimony/contract';
import type { ValueTransformer } from 'typeorm';

/** `numeric(24,12)` in PostgreSQL, whole pico-dollars inside: pg hands decimals over as text, so nothing is rounded. */
export const picoDollars: ValueTransformer = {
  to: (amount: PicoDollars | null | undefined) => (typeof amount === 'bigint' ? formatUsd(amount) : amount),
  from: (text: string | null) => (text === null ? null : parseUsd(text)),
};
