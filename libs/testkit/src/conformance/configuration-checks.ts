import type { JsonObject } from '@parsimony/contract';
import { Ajv2020 } from 'ajv/dist/2020.js';
import assert from 'node:assert/strict';
import { readConfig } from './read-config.js';
import type { ConformanceCheck } from './subject.js';

const UNKNOWN_FIELD = 'aFieldThatNobodyKnows';

export const CONFIGURATION_CHECKS: readonly ConformanceCheck[] = [
  {
    name: 'accepts the good configurations and refuses the bad ones',
    run: async ({ plugin, configs }) => {
      for (const config of configs.accepted) {
        const { issues } = await readConfig(plugin, config);
        assert.deepEqual(issues ?? [], [], `accepted: ${JSON.stringify(config)}`);
      }
      for (const config of configs.refused) {
        const { issues } = await readConfig(plugin, config);
        assert.ok(issues && issues.length > 0, `not refused: ${JSON.stringify(config)}`);
      }
    },
  },
  {
    name: 'refuses a configuration field that it does not know',
    run: async ({ plugin, configs }) => {
      for (const config of configs.accepted) {
        const { issues } = await readConfig(plugin, { ...config, [UNKNOWN_FIELD]: true });
        assert.ok(issues, `a mistyped field would be ignored in silence beside ${JSON.stringify(config)}`);
      }
    },
  },
  {
    name: 'describes its configuration in configSchema as its validator reads it',
    run: async ({ plugin, configs }) => {
      const isValid = compile(plugin.configSchema);
      for (const config of [...configs.accepted, ...configs.refused]) {
        const { issues } = await readConfig(plugin, config);
        const verdict = issues ? 'refuses' : 'accepts';
        assert.equal(
          isValid(config),
          !issues,
          `the validator ${verdict} ${JSON.stringify(config)}, configSchema does not`,
        );
      }
    },
  },
];

function compile(configSchema: JsonObject): (config: unknown) => boolean {
  const { $schema: _, ...schema } = configSchema;
  const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);
  return (config) => validate(config);
}
