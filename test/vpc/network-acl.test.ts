/** Network ACLs: order, and replies that need rules of their own. */
import { describe, expect, test } from 'vitest';
import { only } from '../support/walked.ts';
import type { Plan } from './network.ts';
import { acl } from './rules.ts';
import { trace } from './tracing.ts';
import { plan } from './two-subnets.ts';

describe('a network ACL', () => {
  const withAcl = (ingress: string[], egress?: string[]): Plan => ({
    ...plan,
    subnets: { ...plan.subnets, a: { ...plan.subnets.a!, acl: acl('t', ingress, egress) } },
  });

  test('that forgets ephemeral ports drops the reply, not the request', () => {
    const told = trace(withAcl(['100 allow tcp 80 from 0.0.0.0/0']), {
      from: 'instance/client',
      to: '10.0.2.10:80',
    });
    expect(told.verdict).toBe('unreachable');
    expect(only(told).disposition).toBe('delivered');
    expect(only(told).reply).toMatchObject({ disposition: 'dropped', code: 'nacl/denied-in' });
    expect(told.blockers[0]).toMatchObject({
      direction: 'reply',
      awsCode: 'SUBNET_ACL_RESTRICTION',
      device: 'subnet/a',
      rule: 'nacl/t ingress *: deny',
      nearest: '100: allow tcp 80 from 0.0.0.0/0: port 49152 is not 80',
      fix: 'add to nacl/t ingress: rule 110 allow tcp 1024-65535 from 10.0.2.10/32',
    });
  });

  test('decides by its lowest matching number', () => {
    const told = trace(
      withAcl(
        ['100 allow all from 0.0.0.0/0'],
        ['90 deny tcp 80 to 10.0.2.0/24', '100 allow all to 0.0.0.0/0'],
      ),
      {
        from: 'instance/client',
        to: '10.0.2.10:80',
      },
    );
    expect(told.blockers[0]).toMatchObject({
      code: 'nacl/denied-out',
      rule: 'nacl/t egress 90: deny tcp 80 to 10.0.2.0/24',
      fix: 'add to nacl/t egress: rule 89 allow tcp 80 to 10.0.2.10/32',
    });
  });

  test('rules are sorted by number, however they are written', () => {
    const told = trace(withAcl(['200 deny all from 0.0.0.0/0', '100 allow all from 0.0.0.0/0']), {
      from: 'instance/client',
      to: '10.0.2.10:80',
    });
    expect(told.verdict).toBe('reachable');
  });
});
