export { startGateway, type Gateway } from './host/start-gateway.js';
export type { GatewayOptions } from './host/gateway-options.js';
