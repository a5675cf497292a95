/** A lease that has expired is forgotten by its holder for certain; some more time for those that count time differently. */
export const GRACE = `interval '60 seconds'`;

/** What a lease takes away from its account: calls died with the process that made them, money may have been spent. */
export const GRANTED = `CASE WHEN account.unit = 'calls' AND lease.expires_at + ${GRACE} < clock.now THEN 0 ELSE lease.granted END`;

/** What of a lease is spent, or may be: of a process that fell silent nobody knows. */
export const TAKEN = `CASE WHEN lease.closed_at IS NULL AND lease.expires_at < clock.now AND account.unit <> 'calls'
  THEN greatest(lease.granted, lease.spent + lease.unconfirmed) ELSE lease.spent + lease.unconfirmed END`;
