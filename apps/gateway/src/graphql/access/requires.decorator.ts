import { Extensions } from '@nestjs/graphql';
import { REQUIRES, type Requirement } from './requirement.js';

/**
 * Declares what a key must be allowed to do: on a query, mutation or subscription, and on every object type for all of
 * its fields. The gateway does not start where one is missing; see `protectSchema`.
 */
export function Requires(requirement: Requirement): MethodDecorator & ClassDecorator {
  return Extensions({ [REQUIRES]: requirement });
}
