export { AddressGuard, type AddressGuardOptions } from './address-guard.js';
export { CidrList } from './cidr-list.js';
