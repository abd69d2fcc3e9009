/** A network namespace: network_namespaces(7). It has no interfaces yet: calls of sockets are answered with ENOSYS. */
import type { UserNamespace } from '../process/credentials.ts';

export class Network {
  readonly number: number;
  readonly users: UserNamespace;
  constructor(number: number, users: UserNamespace) {
    [this.number, this.users] = [number, users];
  }
}
