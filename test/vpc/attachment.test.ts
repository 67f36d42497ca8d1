/** Attachments of a transit gateway, as the VPC sees them: a foot in a subnet of each zone, and which network ACL is
 *  asked on the way there and back. */
import { describe, expect, test } from 'vitest';
import { only } from '../support/walked.ts';
import type { Plan } from './network.ts';
import { acl } from './rules.ts';
import { blockers, stages, trace, via } from './tracing.ts';
import { plan as two } from './two-subnets.ts';

const attached = (feet: readonly string[], footAcl = acl('feet')): Plan => ({
  ...two,
  tables: { rt: ['192.168.0.0/16 -> tgw'] },
  attachments: { tgw: { subnets: feet } },
  subnets: {
    a: { ...two.subnets.a!, table: 'rt' },
    b: { ...two.subnets.b!, table: 'rt' },
    'foot-a': { cidr: '10.0.8.0/28', az: 'us-east-1a', acl: footAcl },
    'foot-b': { cidr: '10.0.8.16/28', az: 'us-east-1b', acl: footAcl },
  },
});
const ask = { from: 'instance/client', to: '192.168.1.10:443' };

describe('a route to a transit gateway', () => {
  test("takes the foot in the sender's zone, and the answer comes back through one", () => {
    const told = trace(attached(['foot-a', 'foot-b']), ask);
    expect(told.verdict).toBe('reachable');
    const { hops, reply } = only(told);
    expect(via(hops)).toBe(
      'instance/client > eni/client > subnet/a > vpc-router/main > subnet/foot-a > attachment/tgw',
    );
    expect(via(reply.hops)).toBe(
      'attachment/tgw > subnet/foot-a > vpc-router/main > subnet/a > eni/client > instance/client',
    );
  });

  test('from a zone without a foot goes nowhere', () => {
    const told = trace(attached(['foot-b']), ask);
    expect(told.blockers[0]).toMatchObject({
      code: 'tgw/no-attachment-in-zone',
      awsCode: 'TGW_ROUTE_AZ_RESTRICTION',
      device: 'vpc-router/main',
      because:
        'the packet comes from us-east-1a (subnet/a), and attachment/tgw of tgw has subnets in us-east-1b only',
      fix: 'add a subnet of us-east-1a to attachment/tgw of tgw',
    });
  });

  test("asks the ACL of the foot's subnet inbound on the way there and outbound on the way back", () => {
    const steps = only(trace(attached(['foot-a']), ask));
    expect(stages(steps.hops).filter((stage) => stage.startsWith('subnet/foot-a'))).toEqual([
      'subnet/foot-a network ACL in matched',
    ]);
    expect(stages(steps.reply.hops).filter((stage) => stage.startsWith('subnet/foot-a'))).toEqual([
      'subnet/foot-a network ACL out matched',
    ]);
    const closed = acl('feet', ['100 allow all from 10.0.0.0/16'], ['100 deny all from 10.0.0.0/16']);
    expect(blockers(trace(attached(['foot-a'], closed), ask))).toEqual([
      'reply nacl/denied-out subnet/foot-a',
    ]);
  });

  test('out of the subnet of its foot is asked of that ACL both ways there, and of none on the way back', () => {
    const told = trace({ ...attached(['a']) }, ask);
    const { hops, reply } = only(told);
    expect(stages(hops).filter((stage) => stage.startsWith('subnet/'))).toEqual([
      'subnet/a network ACL out matched',
      'subnet/a network ACL in matched',
    ]);
    expect(stages(reply.hops).filter((stage) => stage.startsWith('subnet/'))).toEqual([
      'subnet/a network ACL out skipped',
      'subnet/a network ACL in skipped',
    ]);
  });
});
