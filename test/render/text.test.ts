import { describe, expect, test } from 'vitest';
import { renderText } from '../../src/render/text.ts';
import { fixtures } from './fixtures/all.ts';
import { service12 } from './fixtures/service.ts';

const all = Object.entries(fixtures);
// biome-ignore lint/complexity/useRegexLiterals: a literal would hold a control character
const ansi = new RegExp('\u001b\\[\\d+m', 'g');
const lines = (text: string): readonly string[] => text.split('\n');

describe('the headline says it at 3 a.m.', () => {
  test('a security group that drops: verdict, hop, device, code and symptom in the first three lines', () => {
    expect(lines(renderText(fixtures.sgDenial)).slice(0, 3)).toEqual([
      'pod/default/client -> pod/production/day-service-7c9f8d6b5-m8zqt:8001  tcp',
      'UNREACHABLE   dropped at hop 7 of 9, eni/node-2  sg/no-ingress-rule',
      'app sees      connect timeout: SYN unanswered, given up after about 133 s',
    ]);
  });

  test('a lost reply is told as one: the request did arrive', () => {
    expect(lines(renderText(fixtures.naclReplyDrop))[1]).toBe(
      'UNREACHABLE   delivered, the reply is dropped at hop 15 of 18, subnet/private-a  nacl/denied-in',
    );
  });

  test('where only some branches fail, it says how many and how much of the traffic', () => {
    expect(renderText(fixtures.serviceAmbiguous, { width: 120 })).toContain(
      'AMBIGUOUS     2 of 3 paths (66.7% of the traffic) dropped at hop 7 of 9, eni/node-2  sg/no-ingress-rule\n',
    );
  });

  test('what is not modelled ends in "not known", never in silence', () => {
    const text = renderText(fixtures.undetermined);
    expect(text).toContain('UNDETERMINED  not known beyond hop 5, vpc-router/main\n');
    expect(text).toContain('not modelled  transit gateway tgw-1');
  });

  test('traffic that the budget left out is told', () => {
    expect(renderText({ ...fixtures.service3, verdict: 'undetermined', unexploredShare: 0.25 })).toContain(
      '1/4 of the traffic was not explored',
    );
  });
});

describe('a path is a table of hops', () => {
  test('the header stands in its own column and only the end that changed is repeated', () => {
    const text = lines(renderText(fixtures.natAsymmetric));
    const head = text.find((line) => line.includes('#  where'))!;
    const snat = text.find((line) => line.includes(' SNAT'))!;
    expect(snat.indexOf('10.1.0.12:*')).toBe(head.indexOf('10.1.0.45:49152'));
    const dnat = lines(renderText(fixtures.service3)).find((line) => line.includes(' DNAT'))!;
    expect(dnat.endsWith('> 10.1.17.33:8001')).toBe(true);
  });

  test('a Service is its walk through the chains, the DNAT, the route and why the source stays', () => {
    const text = lines(renderText(fixtures.service3, { width: 140 }));
    const first = text.findIndex((line) => line.includes('node/node-1'));
    const said = text.slice(first, first + 4).map((line) =>
      line
        .slice(5)
        .replace(/^node\/node-1/, '')
        .trim(),
    );
    expect(said[0]).toBe('KUBE-SERVICES > KUBE-SVC-L6MHKXZ2RQ3VJ4TN (1/3) > KUBE-SEP-VN4WCDBBZ5LXDQ2E');
    expect(said[1]).toMatch(/^DNAT, production\/day-service:http +> 10\.1\.17\.33:8001$/);
    expect(said[2]).toBe('route default via 10.1.0.1 dev eth0');
    expect(said[3]).toBe('SNAT skipped: destination is inside a VPC CIDR');
    expect(text.join()).not.toContain('-j ');
  });

  test('the sender sends, the receiver takes, and in a full reply it answers', () => {
    const text = renderText(fixtures.naclReplyDrop);
    expect(text).toMatch(
      /^ {2}1 {2}pod\/default\/client +sends, route default via 169\.254\.1\.1 dev eth0$/m,
    );
    expect(text).toMatch(/delivered: a process listens on tcp\/8001$/m);
    expect(text).toMatch(/^ 10 {2}.* answers, route default/m);
    expect(text).not.toContain(' passes');
  });

  test('an EC2 host name loses its domain in the table, unless two devices would be called the same', () => {
    const named = (...ids: readonly string[]) => {
      const [path] = fixtures.sgDenial.paths;
      const rename = (id: string, kind: string) =>
        kind === 'node' ? (id === 'node-1' ? ids[0]! : ids[1]!) : id;
      const hops = path!.hops.map((hop) => ({
        ...hop,
        device: { ...hop.device, id: rename(hop.device.id, hop.device.kind) },
      }));
      return renderText({ ...fixtures.sgDenial, paths: [{ ...path!, hops }] });
    };
    expect(named('ip-10-1-0-5.ec2.internal', 'ip-10-1-0-6.ec2.internal')).toMatch(
      /^ {2}2 {2}node\/ip-10-1-0-5 /m,
    );
    const twice = named('ip-10-1-0-5.ec2.internal', 'ip-10-1-0-5.eu-west-1.compute.internal');
    expect(twice.replace(/\n +/g, '')).toContain('ec2.internal');
  });

  test('what lies beyond the blocker stands below a line that says so', () => {
    expect(renderText(fixtures.sgDenial)).toMatch(/^---- not reached; if hop 7 let it pass:\n {2}8\* /m);
  });

  test('hops beyond the blocker carry a star and say what would happen', () => {
    const ghosts = lines(renderText(fixtures.sgDenial)).filter((line) => /^ *\d+\* /.test(line));
    expect(ghosts).toHaveLength(2);
    for (const line of ghosts) expect(line).toContain('would');
  });

  test('a denial stands with its rule, the nearest rule and a fix', () => {
    const text = renderText(fixtures.naclReplyDrop);
    expect(text).toContain(
      'blocked by nacl/denied-in (AWS SUBNET_ACL_RESTRICTION) at hop 15, subnet/private-a, on the way back',
    );
    for (const row of [
      '  rule     tight * deny all',
      '  nearest  tight 110 allow',
      '  fix      network ACL tight',
      '  written  vpcsim.yaml:44:9',
    ])
      expect(text).toContain(row);
  });

  test('the two connections through an ALB are two tables', () => {
    const text = renderText(fixtures.ingress);
    expect(text).toContain('leg 1: host -> alb');
    expect(text).toContain('leg 2: alb -> pod');
    expect(text).toContain('entered by any of 3.80.11.20, 3.80.99.4');
  });

  test('crossing into another availability zone is told at the hop that does', () => {
    expect(renderText(fixtures.sgDenial)).toMatch(/^ {2}6 {2}subnet\/private-b .*\(into us-east-1b\)$/m);
  });
});

describe('loops', () => {
  test('a packet that circles is shown for one round', () => {
    const [path] = fixtures.sgDenial.paths;
    const round = path!.hops.slice(3, 6).map((hop) => ({ ...hop, ghost: false }));
    const hops = [...path!.hops.slice(0, 3), ...Array.from({ length: 7 }, () => round).flat()].map(
      (hop, i) => ({ ...hop, n: i + 1 }),
    );
    const circling = { ...path!, hops, disposition: 'loop' as const, code: 'walk/loop' };
    const text = renderText({ ...fixtures.sgDenial, paths: [circling], blockers: [] });
    expect(text).toContain(' 7-23  the same round again, 3 hops each\n');
    expect(text).toMatch(/^ 24 {2}subnet\/private-b/m);
  });
});

describe('the way back is short where it mirrors', () => {
  test('one line, with the translation that is undone', () => {
    expect(renderText(fixtures.service3)).toContain(
      'reply  9 hops back (10-18), un-DNAT at node/node-1, arrives\n',
    );
  });

  test('one line per leg through a load balancer', () => {
    const text = renderText(fixtures.ingress);
    expect(text).toContain('reply  leg 2: 8 hops back (15-22), arrives\n');
    expect(text).toContain('       leg 1: 7 hops back (23-29), un-DNAT at internet-gateway/igw, arrives\n');
  });

  test('a refused connection shows the RST that comes back', () => {
    expect(renderText(fixtures.refused)).toContain('reply  RST, 9 hops back (10-18), arrives\n');
  });

  test('a reply by another way is called out and shown hop by hop', () => {
    const text = renderText(fixtures.natAsymmetric);
    expect(text).toContain('reply  delivered; another way than the request by firewall/fw\n');
    expect(text).toMatch(/^ 20 {2}firewall\/fw/m);
  });

  test('a reply to a request that never arrived is only what would be', () => {
    expect(renderText(fixtures.sgDenial)).toContain('reply* 9 hops back (10-18), would arrive\n');
  });
});

describe('paths that end alike are folded', () => {
  test('the longest is shown in full, the others by share, target and length', () => {
    const text = renderText(fixtures.service3, { width: 120 });
    expect(text.match(/^path \d/gm)).toEqual(['path 2']);
    expect(text).toContain(
      'alike  path 1  1/3  pod/production/day-service-7c9f8d6b5-4xk2p  10.1.1.101:8001  us-east-1a, 3 hops\n',
    );
  });

  test('more than eight are counted', () => {
    expect(renderText(service12)).toContain(
      'alike  11 more paths, 1/12 each, to 3 targets (--all-paths shows them)\n',
    );
  });

  test('all paths in full on request', () => {
    const text = renderText(fixtures.service3, { allPaths: true });
    expect(text.match(/^path \d/gm)).toEqual(['path 1', 'path 2', 'path 3']);
    expect(text).not.toContain('alike');
  });

  test('paths that end differently are never folded together', () => {
    expect(renderText(fixtures.serviceAmbiguous).match(/^path \d/gm)).toEqual(['path 1', 'path 2']);
  });

  test('a beginning in common is printed once', () => {
    expect(renderText(fixtures.ingress, { allPaths: true }).match(/as in path 1/g)).toHaveLength(2);
  });
});

describe('terminals', () => {
  for (const width of [60, 80, 100, 140, 200])
    test.each(all)(`%s fits in ${width} columns`, (_, trace) => {
      const longest = Math.max(...lines(renderText(trace, { width })).map((line) => line.length));
      expect(longest).toBeLessThanOrEqual(width);
    });

  test.each(all)('%s: no colour unless asked, and colour changes no letter', (_, trace) => {
    const plain = renderText(trace, { width: 100 });
    const colored = renderText(trace, { width: 100, color: true });
    expect(plain).not.toMatch(ansi);
    expect(colored).toMatch(ansi);
    expect(colored.replace(ansi, '')).toBe(plain);
  });

  test.each(all)('%s: no line ends in a space', (_, trace) => {
    for (const wide of [false, true]) expect(renderText(trace, { wide })).not.toMatch(/ $/m);
  });
});

describe('wide shows every step', () => {
  test('with the rule and where it is written', () => {
    const text = renderText(fixtures.sgDenial, { wide: true });
    expect(text).toContain('rule sg-nodes egress all to 0.0.0.0/0  (vpcsim.yaml:31:9)');
    expect(text).toContain(
      'skipped   nat POSTROUTING > AWS-SNAT-CHAIN-0: SNAT skipped: destination is inside a VPC CIDR',
    );
    const steps = fixtures.sgDenial.paths.flatMap((path) =>
      [...path.hops, ...path.reply.hops].flatMap((hop) => hop.steps),
    );
    expect(text.match(/^ {6}(passed|matched|rewrote|denied|skipped) /gm)).toHaveLength(steps.length);
  });
});

describe('whole outputs', () => {
  test.each([
    ['service3', 100],
    ['sgDenial', 60],
    ['naclReplyDrop', 100],
    ['ingress', 140],
    ['serviceAmbiguous', 100],
  ] as const)('%s at %i columns', async (name, width) => {
    await expect(renderText(fixtures[name], { width })).toMatchFileSnapshot(`golden/${name}-${width}.txt`);
  });
});
