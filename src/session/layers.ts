/** The layers of the accounting vocabulary, bottom to top. */
export const LAYERS: readonly string[] = ['hardware', 'monitor', 'host', 'guest-kernel', 'guest-user'];
