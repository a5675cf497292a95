import { InvalidRequest, parseUsd } from '@parsimony/contract';
import type { JsonObject, PicoDollars, ResultQuestion, ResultToKeep } from '@parsimony/contract';
import { invalid, requireObject } from '../bodies/body-fields.js';
import { checkQuestion, checkResult } from './result-fields.js';

const LOOK_UP_FIELDS = ['input'];
const KEEP_FIELDS = ['input', 'value', 'ticket', 'ttl_seconds', 'cost_usd'];

/** The body of `POST /v1/cache/{namespace}/lookup`. @throws InvalidRequest that names the field. */
export function parseLookUp(namespace: string, body: unknown): ResultQuestion {
  const fields = known(requireObject(body), LOOK_UP_FIELDS);
  return checkQuestion({ namespace, input: text(fields, 'input') });
}

/** The body of `PUT /v1/cache/{namespace}`. @throws InvalidRequest that names the field. */
export function parseKeep(namespace: string, body: unknown): ResultToKeep {
  const fields = known(requireObject(body), KEEP_FIELDS);
  const { value, ticket, ttl_seconds: ttlSeconds, cost_usd: cost } = fields;
  if (ttlSeconds != null && typeof ttlSeconds !== 'number') throw invalid('ttl_seconds', 'a whole number');
  return checkResult(
    {
      namespace,
      input: text(fields, 'input'),
      value,
      ticket: ticket == null ? null : text(fields, 'ticket'),
      ttlSeconds: ttlSeconds ?? null,
      cost: cost == null ? null : amount(text(fields, 'cost_usd')),
    },
    { ttlSeconds: 'ttl_seconds', cost: 'cost_usd' },
  );
}

/** A field that nobody reads is a caller's slip, such as `ttl` for `ttl_seconds`, and would be noticed a week later. */
function known(fields: JsonObject, names: readonly string[]): JsonObject {
  const unknown = Object.keys(fields).find((name) => !names.includes(name));
  if (unknown === undefined) return fields;
  throw new InvalidRequest(`there is no field ${unknown}; there are ${names.join(', ')}`, { param: unknown });
}

function text(fields: JsonObject, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string') throw invalid(name, 'a string');
  return value;
}

/** A number has been through a float, and would be money that nobody wrote. */
function amount(decimal: string): PicoDollars {
  try {
    return parseUsd(decimal);
  } catch {
    throw invalid('cost_usd', 'decimal USD in a string, with at most 12 places, such as "0.25"');
  }
}
