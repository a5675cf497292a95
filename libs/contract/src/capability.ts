/**
 * What a host hands to plugins by name. Empty until a plugin needs something that the contract does not give:
 * a capability is added together with its first user, by declaration here.
 */
export type Capabilities = Readonly<Record<never, never>>;

export type Capability = keyof Capabilities;
