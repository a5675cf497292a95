import { applyDecorators, UseFilters } from '@nestjs/common';
import { Resolver } from '@nestjs/graphql';
import { PassErrors } from './pass-errors.filter.js';

/** A resolver class of this API; `of` names the object type whose fields it resolves. */
export function ApiResolver(of?: () => new () => object): ClassDecorator {
  return applyDecorators(of ? Resolver(of) : Resolver(), UseFilters(PassErrors));
}
