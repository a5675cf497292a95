import { InvalidToken } from '@parsimony/contract';
import { errors, jwtVerify } from 'jose';
import type { JWTPayload } from 'jose';
import type { Principal } from '../role.js';
import { principalOf, USUAL_CLAIMS, USUAL_ROLES } from './claims.js';
import type { ClaimNames, RoleMap } from './claims.js';
import { IssuerKeys, IssuerUnavailable } from './issuer-keys.js';

export interface JwtSignInOptions {
  /** As tokens name it, such as `https://login.example.com/`; `http` only on this machine. */
  readonly issuer: string;
  /** Under which name the issuer knows this gateway. */
  readonly audience: string;
  /** Names of the claims that say who somebody is here; a name with full stops is a path, such as `realm_access.roles`. */
  readonly tenantClaim?: string;
  readonly teamClaim?: string;
  readonly roleClaim?: string;
  /** By value of the role claim the role that it gives; the tenants' roles by their own names where left out. */
  readonly roles?: RoleMap;
  readonly clockToleranceSeconds?: number;
}

/** Signatures that only the issuer can make: with a shared secret (HS…) whoever verifies could sign too. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
const CLOCK_TOLERANCE_SECONDS = 5;
const LONGEST_TOKEN = 16 * 1024;
const TOKEN = /^eyJ[\w-]+\.[\w-]+\.[\w-]*$/;
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Lets people sign in by tokens (JWT, RFC 7519) of an OpenID Connect issuer. For administration, not for calls. */
export class JwtSignIn {
  private readonly keys: IssuerKeys;
  private readonly claims: ClaimNames;
  private readonly roles: RoleMap;

  /** @throws TypeError for an issuer that is no URL, or one without https that is not on this machine. */
  constructor(private readonly options: JwtSignInOptions) {
    const { protocol, hostname } = new URL(options.issuer);
    if (protocol !== 'https:' && !(protocol === 'http:' && LOOPBACK.has(hostname)))
      throw new TypeError('an issuer of tokens must have an https URL: whoever stands between could make tokens');
    this.keys = new IssuerKeys(options.issuer);
    this.claims = {
      tenant: options.tenantClaim ?? USUAL_CLAIMS.tenant,
      team: options.teamClaim ?? USUAL_CLAIMS.team,
      role: options.roleClaim ?? USUAL_CLAIMS.role,
    };
    this.roles = options.roles ?? USUAL_ROLES;
  }

  /** Whether a bearer's text can be a token, so that it is none of the API keys. */
  static isToken(text: string): boolean {
    return TOKEN.test(text);
  }

  /** The bearer of a token. @throws InvalidToken that says what is wrong with it, and never shows it. */
  async authenticate(token: string): Promise<Principal> {
    if (token.length > LONGEST_TOKEN) throw new InvalidToken('the token is too long');
    return principalOf(await this.verify(token), this.claims, this.roles);
  }

  private async verify(token: string): Promise<JWTPayload> {
    const { issuer, audience, clockToleranceSeconds: clockTolerance = CLOCK_TOLERANCE_SECONDS } = this.options;
    try {
      const { payload } = await jwtVerify(token, await this.keys.get(), {
        ...{ issuer, audience, clockTolerance },
        algorithms: ALGORITHMS,
        requiredClaims: ['sub', 'exp'],
      });
      return payload;
    } catch (error) {
      throw new InvalidToken(reasonOf(error), { cause: error });
    }
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'the token has expired; sign in again';
  if (error instanceof errors.JWTClaimValidationFailed) return `the token is not for this gateway: ${error.claim}`;
  if (error instanceof errors.JWKSNoMatchingKey) return 'the token is signed by none of the keys of the issuer';
  if (error instanceof IssuerUnavailable) return 'tokens cannot be proved now: the issuer does not answer';
  if (error instanceof errors.JWKSTimeout) return 'tokens cannot be proved now: the issuer does not answer';
  return 'the token is not valid';
}
