import type { VectorCollectionSpec, VectorPoint, VectorQuery } from '@parsimony/contract';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const NAME = /^[a-z0-9](?:[a-z0-9-]{0,126}[a-z0-9])?$/;
const SCOPE = /^[\x21-\x7e]{1,128}$/;
const MOST_DIMENSIONS = 65_536;
const MOST_WANTED = 100;

/** @throws RangeError */
export function checkSpec({ name, dimensions }: VectorCollectionSpec): void {
  if (!NAME.test(name)) throw new RangeError(`${JSON.stringify(name)} cannot be the name of a collection of vectors`);
  if (!Number.isInteger(dimensions) || dimensions < 1 || dimensions > MOST_DIMENSIONS) {
    throw new RangeError(`vectors have 1 to ${MOST_DIMENSIONS} dimensions, not ${dimensions}`);
  }
}

/** @returns the id in lower case, as both stores compare it. @throws RangeError */
export function checkedId(id: string): string {
  if (!UUID.test(id)) throw new RangeError(`${JSON.stringify(id)} is not a UUID`);
  return id.toLowerCase();
}

/** @throws RangeError */
export function checkPoint(point: VectorPoint): void {
  checkScope(point.scope);
  if (Number.isNaN(point.createdAt) || Number.isNaN(point.expiresAt))
    throw new RangeError('a moment of a point is not a number');
}

/** @throws RangeError */
export function checkQuery({ scope, limit }: VectorQuery): void {
  checkScope(scope);
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST_WANTED) {
    throw new RangeError(`between 1 and ${MOST_WANTED} matches can be asked for, not ${limit}`);
  }
}

/** A copy of length 1. @throws RangeError where the vector has no direction or other dimensions */
export function unitVector(vector: Float32Array, dimensions: number): Float32Array {
  if (vector.length !== dimensions)
    throw new RangeError(`the collection's vectors have ${dimensions} dimensions, not ${vector.length}`);
  let squares = 0;
  for (const component of vector) squares += component * component;
  const length = Math.sqrt(squares);
  if (!(length > 0 && length < Infinity))
    throw new RangeError('a vector of length 0, or that is not finite, has no direction');
  return vector.map((component) => component / length);
}

function checkScope(scope: string): void {
  if (!SCOPE.test(scope))
    throw new RangeError(`${JSON.stringify(scope)} cannot be a scope: 1 to 128 visible ASCII characters`);
}
