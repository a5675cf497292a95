import { z } from 'zod';

/** A TCP port; 0 means any free one. */
export const port = z.coerce.number().int().min(0).max(65_535);

export const text = z.string().min(1);

/** A secret from which others are derived: short ones can be guessed. */
export const longSecret = z.string().min(16, 'must have at least 16 characters');

/** What goes into an `Authorization` header: blanks and letters of other scripts would not arrive (RFC 6750, section 2.1). */
export const bearerToken = longSecret.regex(
  /^[!-~]+$/,
  'must have ASCII letters, digits and signs only, without blanks',
);

export const httpUrl = urlOf(/^https?$/);
export const postgresUrl = urlOf(/^postgres(ql)?$/);

/** As tokens name their issuer, to the last slash (OpenID Connect Core 1.0, section 2). */
export const issuerUrl = z.url({ protocol: /^https?$/ });

/** A whole number between bounds, both included. */
export function wholeNumber(least: number, most: number) {
  return z.coerce.number(`must be a whole number from ${least} to ${most}`).int().min(least).max(most);
}

/** Names with commas between them; blanks around them do not count. */
export const list = z.string().transform((value) =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);

/** Base URLs of servers that do the same work. */
export const httpUrls = list.pipe(z.array(httpUrl));

const ROLE_NAME = /^(.+)=(OPERATOR|OWNER|ADMIN|MEMBER|VIEWER)$/;
const MUST_NAME_ROLES = 'must be value=ROLE, such as llm-admins=ADMIN, with OPERATOR, OWNER, ADMIN, MEMBER or VIEWER';

/** Which value of a claim means which role: `llm-admins=ADMIN,ops=OPERATOR`. */
export const roleNames = list
  .refine((entries) => entries.every((entry) => ROLE_NAME.test(entry)), MUST_NAME_ROLES)
  .transform((entries) =>
    Object.fromEntries(
      entries.map((entry) => {
        const equals = entry.lastIndexOf('=');
        return [entry.slice(0, equals), entry.slice(equals + 1) as RoleName];
      }),
    ),
  );

type RoleName = 'OPERATOR' | 'OWNER' | 'ADMIN' | 'MEMBER' | 'VIEWER';

/** IP addresses and networks such as `10.0.0.0/8`. */
export const networks = list.pipe(
  z.array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], 'must be IP addresses or networks such as 10.0.0.0/8')),
);

const HOST_NAME = /^([a-z\d]([a-z\d-]{0,61}[a-z\d])?\.)*[a-z\d]([a-z\d-]{0,61}[a-z\d])?$/i;

/** IP addresses, networks and host names. */
export const networksOrHosts = list.pipe(
  z.array(
    z.union(
      [z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6(), z.string().regex(HOST_NAME)],
      'must be IP addresses, networks such as 10.0.0.0/8, or host names',
    ),
  ),
);

/** Web origins (RFC 6454) as browsers send them: scheme, host and port, nothing behind. `*` is none: keys are secrets. */
export const origins = list.pipe(
  z.array(
    z
      .string()
      .refine(isOrigin, 'must be origins such as https://app.example.com: no path, no * and no slash at the end'),
  ),
);

/** USD per million tokens, as decimal text: money is never a float. */
export const usdPerMillion = z
  .string()
  .regex(/^\d{1,6}(\.\d{1,6})?$/, 'must be USD per million tokens, such as 15 or 0.25');

function urlOf(protocol: RegExp) {
  return z.url({ protocol }).transform((address) => address.replace(/\/+$/, ''));
}

function isOrigin(value: string): boolean {
  return URL.canParse(value) && /^https?:/.test(value) && new URL(value).origin === value.toLowerCase();
}
