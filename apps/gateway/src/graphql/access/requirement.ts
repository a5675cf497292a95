import type { Action } from '@parsimony/tenancy';

/** What a key must be allowed to do to meet a field; `authenticated`: any valid key. */
export type Requirement = Action | 'authenticated';

/** Under which the schema carries a requirement, in the extensions of a type or field. */
export const REQUIRES = 'requires';
