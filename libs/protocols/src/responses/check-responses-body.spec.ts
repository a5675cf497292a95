import { UnsupportedParameter } from '@parsimony/contract';
import { describe, expect, it } from 'vitest';
import { checkResponsesBody } from './check-responses-body.js';

describe('checkResponsesBody', () => {
  it('refuses a call in the background by name', () => {
    const check = (): void => checkResponsesBody({ model: 'm', input: 'x', background: true });
    expect(check).toThrow(UnsupportedParameter);
    expect(check).toThrow(expect.objectContaining({ param: 'background' }));
  });

  it.each([
    {},
    { background: false },
    { background: null },
    { store: true, previous_response_id: 'resp_1', conversation: 'conv_1', prompt: { id: 'pmpt_1' } },
  ])('leaves %j to providers that speak the Responses API themselves', (body) => {
    expect(checkResponsesBody({ model: 'm', input: 'x', ...body })).toBeUndefined();
  });
});
