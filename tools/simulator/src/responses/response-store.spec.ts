import { describe, expect, it } from 'vitest';
import { ResponseStore, type StoredResponse } from './response-store.js';

function stored(json: string, key = 'key'): StoredResponse {
  return { key, messages: [], callIds: [], json };
}

describe('the store of responses', () => {
  it('forgets the oldest beyond a thousand', () => {
    const store = new ResponseStore();
    for (let index = 0; index <= 1000; index += 1) store.keep(`resp_${index}`, stored('{}'));
    expect(store.find('resp_0', 'key')).toBeNull();
    expect(store.find('resp_1', 'key')).not.toBeNull();
    expect(store.find('resp_1000', 'key')).not.toBeNull();
  });

  it('forgets the oldest where the conversations grow too long, those that were deleted not counted', () => {
    const store = new ResponseStore();
    const long = 'x'.repeat(12_000_000);
    store.keep('first', stored(long));
    store.keep('second', stored(long));
    expect(store.delete('first', 'key')).toBe(true);
    store.keep('third', stored(long));
    expect(store.find('second', 'key')).not.toBeNull();
    store.keep('fourth', stored(long));
    expect(store.find('second', 'key')).toBeNull();
    expect(store.find('fourth', 'key')).not.toBeNull();
  });

  it('shows and deletes nothing of another key', () => {
    const store = new ResponseStore();
    store.keep('first', stored('{}'));
    expect(store.find('first', 'other')).toBeNull();
    expect(store.delete('first', 'other')).toBe(false);
    expect(store.find('first', 'key')).not.toBeNull();
  });
});
