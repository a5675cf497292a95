import { Module, type DynamicModule } from '@nestjs/common';
import { GraphqlApiModule } from '../graphql/graphql.module.js';
import type { GatewayCore } from './gateway-core.js';
import { GATEWAY_CORE } from './gateway-core.token.js';
import { OperationsController } from './operations.controller.js';

/** Nest's part of the gateway. The core was opened before: Nest injects it and does not own it. */
@Module({})
export class GatewayModule {
  static around(core: GatewayCore): DynamicModule {
    return {
      module: GatewayModule,
      imports: [GraphqlApiModule],
      controllers: [OperationsController],
      providers: [{ provide: GATEWAY_CORE, useValue: core }],
      exports: [GATEWAY_CORE],
      global: true,
    };
  }
}
