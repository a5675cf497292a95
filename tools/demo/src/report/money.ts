import { formatUsd, type PicoDollars } from '@parsimony/contract';

/** All twelve places, since the last one counts here. */
export function dollars(amount: PicoDollars): string {
  return `$${formatUsd(amount)}`;
}
