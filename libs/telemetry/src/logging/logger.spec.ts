import { ProviderError, ProviderInvalidAnswer } from '@parsimony/contract';
import { beforeEach, describe, expect, it } from 'vitest';
import { createLogger, pluginLog, type Logger } from './logger.js';

let lines: string[];
let logger: Logger;
beforeEach(() => {
  lines = [];
  logger = createLogger('gateway', 'info', { write: (line) => lines.push(line) });
});

function last(): Record<string, unknown> {
  return JSON.parse(lines.at(-1) ?? '') as Record<string, unknown>;
}

describe('a log line', () => {
  it('is JSON with a name, a time, and what it says', () => {
    logger.info({ callId: 'c' }, 'a call');
    expect(last()).toMatchObject({ name: 'gateway', level: 30, msg: 'a call', callId: 'c' });
    expect(last()['time']).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(last()).not.toHaveProperty('pid');
  });

  it('is not written below the level', () => {
    logger.debug('nothing');
    expect(lines).toEqual([]);
  });

  it.each(['authorization', 'secret', 'apiKey', 'password'])('masks %s wherever it stands', (name) => {
    logger.warn({ [name]: 'sk-1', headers: { [name]: 'sk-2' }, request: { headers: { [name]: 'sk-3' } } }, 'odd');
    expect(lines.join('')).not.toContain('sk-');
    expect(last()).toMatchObject({
      [name]: '[masked]',
      headers: { [name]: '[masked]' },
      request: { headers: { [name]: '[masked]' } },
    });
  });
});

describe('an error in the log', () => {
  it('has its message, its code, its cause, and where it was thrown', () => {
    const cause = Object.assign(new TypeError('the disk is full'), { code: 'ENOSPC' });
    logger.error({ error: new Error('the journal cannot be written', { cause }) }, 'a fault');
    expect(last()['error']).toMatchObject({
      type: 'Error',
      message: 'the journal cannot be written',
      cause: { type: 'TypeError', message: 'the disk is full', code: 'ENOSPC' },
    });
    expect(last()).toHaveProperty('error.at.0', expect.stringContaining('logger.spec.ts'));
  });

  it("does not bring the provider's answer along, which may hold what the caller asked", () => {
    const wire = Buffer.from('{"error":{"message":"cannot answer: my secret prompt"}}');
    logger.error({ error: new ProviderError('openai answered with status 400', 400, wire, {}) }, 'a fault');
    expect(last()['error']).toMatchObject({ type: 'ProviderError', code: 'provider_error' });
    expect(last()['error']).not.toHaveProperty('wire');
    let cause: unknown;
    try {
      JSON.parse('my secret prompt');
    } catch (error) {
      cause = error;
    }
    logger.error({ error: new ProviderInvalidAnswer('openai sent an answer that is not JSON', { cause }) }, 'a fault');
    expect(last()).toMatchObject({ error: { cause: { type: 'SyntaxError', message: 'not valid JSON' } } });
    expect(lines.join('')).not.toContain('my secret');
  });

  it('is bounded where causes go round in a circle', () => {
    const error = new Error('round');
    error.cause = error;
    logger.error({ error }, 'a fault');
    expect(lines[0]?.match(/round/g)?.length).toBeLessThan(10);
  });

  it('may be a text', () => {
    logger.error({ error: 'only a text' }, 'a fault');
    expect(last()['error']).toBe('only a text');
  });
});

describe("a plugin's log", () => {
  it('bears its name, and is masked all the same', () => {
    const log = pluginLog(logger, 'semantic-cache');
    log.info('opened');
    expect(last()).toMatchObject({ plugin: 'semantic-cache', msg: 'opened', level: 30 });
    log.warn('odd', { tenant: 't', secret: 's' });
    expect(last()).toMatchObject({ plugin: 'semantic-cache', tenant: 't', secret: '[masked]', level: 40 });
    log.error('broken', { error: 'why' });
    expect(last()).toMatchObject({ plugin: 'semantic-cache', error: 'why', level: 50 });
  });
});
