/**
 * What a host hands to plugins by name. Empty until a plugin needs something that the contract does not give:
 * a capability is added together with its first user, by declaration here.
 */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type
export interface Capabilities {}

export type Capability = keyof Capabilities;
