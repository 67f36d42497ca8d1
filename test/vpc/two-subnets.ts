/** Two subnets in two zones, a client and two servers, for tests. */
import type { Plan } from './network.ts';
import { group } from './rules.ts';

export const plan: Plan = {
  subnets: {
    a: { cidr: '10.0.1.0/24', az: 'us-east-1a' },
    b: { cidr: '10.0.2.0/24', az: 'us-east-1b' },
  },
  groups: [group('web', ['tcp 80 from sg/client']), group('client', [])],
  hosts: {
    client: { subnet: 'a', address: '10.0.1.10', groups: ['client'] },
    neighbour: { subnet: 'a', address: '10.0.1.11', groups: ['web'] },
    web: { subnet: 'b', address: '10.0.2.10', groups: ['web'] },
  },
};
