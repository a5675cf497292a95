import type { Layer } from '@parsimony/contract';
import { aCall, collect, FakeEgress } from '@parsimony/testkit';
import { describe, expect, it } from 'vitest';
import { compose } from './compose.js';

function naming(name: string, order: string[]): Layer {
  return async function* (call, next) {
    order.push(`${name} in`);
    yield* next({ ...call, tags: { ...call.tags, [name]: 'was here' } });
    order.push(`${name} out`);
  };
}

describe('compose', () => {
  it('joins layers outermost first, and what comes after a call mirrors what went before it', async () => {
    const order: string[] = [];
    const egress = new FakeEgress();
    const stack = compose([naming('outer', order), naming('inner', order)], egress.next);
    const call = aCall();
    await collect(stack(call));
    expect(order).toEqual(['outer in', 'inner in', 'inner out', 'outer out']);
    expect(egress.calls[0]?.tags).toEqual({ outer: 'was here', inner: 'was here' });
    expect(call.tags).toEqual({});
  });

  it('is the egress itself where there is no layer', () => {
    const egress = new FakeEgress();
    expect(compose([], egress.next)).toBe(egress.next);
  });

  it('gives a layer without a guard a scope all the same', async () => {
    const egress = new FakeEgress();
    const detaching: Layer = async function* (call, _next, scope) {
      yield* scope.detached({ ...call, tags: await scope.waitFor(Promise.resolve({ waited: 'yes' })) });
    };
    await collect(compose([detaching], egress.next)(aCall()));
    expect(egress.calls[0]?.tags).toEqual({ waited: 'yes' });
  });
});
