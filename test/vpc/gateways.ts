/** A public and a private subnet with an internet gateway and a NAT gateway, for tests. */
import type { Plan } from './network.ts';

export const plan: Plan = {
  cidrs: ['10.0.0.0/16', '100.64.0.0/16'],
  subnets: {
    public: { cidr: '10.0.1.0/24', az: 'us-east-1a', table: 'public' },
    private: { cidr: '10.0.2.0/24', az: 'us-east-1b', table: 'private' },
  },
  tables: { public: ['0.0.0.0/0 -> igw'], private: ['0.0.0.0/0 -> nat-a'] },
  hosts: {
    bastion: { subnet: 'public', address: '10.0.1.10', secondary: ['10.0.1.11'], public: '203.0.113.10' },
    web: { subnet: 'public', address: '10.0.1.20', public: '203.0.113.20' },
    quiet: { subnet: 'public', address: '10.0.1.30' },
    app: { subnet: 'private', address: '10.0.2.10' },
  },
  nats: { 'nat-a': { subnet: 'public', address: '10.0.1.5', public: '203.0.113.5' } },
  outside: { laptop: '198.51.100.7' },
};
