import { describe, expect, test } from 'vitest';
import { formatCidr } from '../../src/addressing/cidr.ts';
import { formatIpv4 } from '../../src/addressing/ip.ts';
import type { Service } from '../../src/api/objects.ts';
import { expose, nlb, only, service } from './cluster.ts';

const web = (annotations: Record<string, string> = {}, rest: Partial<Service> = {}) =>
  service('web', { type: 'LoadBalancer', ...rest }, nlb(annotations));

describe('who serves a Service of type LoadBalancer', () => {
  test("with the controller and nothing else written: the webhook's default, an internal NLB with instance targets", () => {
    const plan = only(expose(web()));
    expect(plan).toMatchObject({ kind: 'nlb', scheme: 'internal', crossZone: false });
    expect(plan.targetGroups).toMatchObject([
      { targetType: 'instance', port: 30080, preserveClientIp: true },
    ]);
    expect(plan.dnsName).toMatch(
      /^k8s-default-web-[0-9a-f]{10}-[0-9a-f]{16}\.elb\.us-east-1\.amazonaws\.com$/,
    );
  });

  test('without the controller it is a Classic Load Balancer, which is not modelled', () => {
    const { plans, issues } = expose(web(), { controller: false });
    expect(plans).toEqual([]);
    expect(issues).toMatchObject([{ severity: 'warning', code: 'elb/classic' }]);
    expect(issues[0]!.message).toContain('a Classic Load Balancer, which is not modelled');
  });

  test('without the controller nobody serves class service.k8s.aws/nlb', () => {
    const { issues } = expose(web({}, { loadBalancerClass: 'service.k8s.aws/nlb' }), { controller: false });
    expect(issues).toMatchObject([{ code: 'elb/no-controller' }]);
  });

  test('another loadBalancerClass is left alone', () => {
    const { plans, issues } = expose(web({}, { loadBalancerClass: 'example.com/other' }));
    expect(plans).toEqual([]);
    expect(issues).toMatchObject([{ code: 'elb/class' }]);
  });

  test('a Service that had its load balancer before the webhook came stays with the service controller', () => {
    const { issues } = expose(
      web({}, { loadBalancerIngress: [{ hostname: 'a1.us-east-1.elb.amazonaws.com' }] }),
    );
    expect(issues).toMatchObject([{ code: 'elb/classic' }]);
  });

  test('a NodePort Service gets no load balancer and no warning', () => {
    expect(expose(service('web'))).toMatchObject({ plans: [], issues: [] });
  });
});

describe('listeners and target groups', () => {
  test('one listener per port, with the protocol of the port', () => {
    const plan = only(
      expose(
        web(
          {},
          {
            ports: [
              { name: 'dns', protocol: 'UDP', port: 53, targetPort: 5353, nodePort: 30053 },
              { name: 'web', protocol: 'TCP', port: 443, targetPort: 8443, nodePort: 30443 },
            ],
          },
        ),
      ),
    );
    expect(plan.listeners.map(({ port, protocol }) => `${protocol}:${port}`)).toEqual(['UDP:53', 'TCP:443']);
    expect(plan.frontendGroup!.ingress.map(({ protocol, ports }) => [protocol, ports![0]])).toEqual([
      [17, 53],
      [6, 443],
    ]);
  });

  test('ip targets lose the client address unless the attribute keeps it; UDP always keeps it', () => {
    const ip = { 'aws-load-balancer-nlb-target-type': 'ip' };
    expect(only(expose(web(ip))).targetGroups[0]).toMatchObject({
      targetType: 'ip',
      preserveClientIp: false,
    });
    const kept = { ...ip, 'aws-load-balancer-target-group-attributes': 'preserve_client_ip.enabled=true' };
    expect(only(expose(web(kept))).targetGroups[0]!.preserveClientIp).toBe(true);
    const off = { 'aws-load-balancer-target-group-attributes': 'preserve_client_ip.enabled=false' };
    const udp = {
      ports: [{ name: '', protocol: 'UDP' as const, port: 53, targetPort: 53, nodePort: 30053 }],
    };
    expect(only(expose(web(off))).targetGroups[0]!.preserveClientIp).toBe(false);
    expect(only(expose(web(off, udp))).targetGroups[0]!.preserveClientIp).toBe(true);
  });

  test('aws-load-balancer-type nlb-ip means ip targets', () => {
    expect(only(expose(web({ 'aws-load-balancer-type': 'nlb-ip' }))).targetGroups[0]!.targetType).toBe('ip');
  });

  test('certificates make the listener TLS, and the targets get plain TCP', () => {
    const plan = only(expose(web({ 'aws-load-balancer-ssl-cert': 'arn:aws:acm:x' })));
    expect(plan.listeners[0]).toMatchObject({ protocol: 'TLS', certificates: ['arn:aws:acm:x'] });
    expect(plan.targetGroups[0]!.protocol).toBe('TCP');
  });

  test('TCP and UDP on one port need TCP_UDP to be switched on', () => {
    const ports = (['TCP', 'UDP'] as const).map((protocol) => ({
      name: protocol.toLowerCase(),
      protocol,
      port: 53,
      targetPort: 53,
      nodePort: 30053,
    }));
    expect(expose(web({}, { ports })).plans).toEqual([]);
    const merged = only(expose(web({ 'aws-load-balancer-enable-tcp-udp-listener': 'true' }, { ports })));
    expect(merged.listeners.map(({ protocol }) => protocol)).toEqual(['TCP_UDP']);
  });

  test('instance targets without node ports are refused', () => {
    const ports = [{ name: '', protocol: 'TCP' as const, port: 80, targetPort: 8080 }];
    const { plans, issues } = expose(web({}, { ports, allocateLoadBalancerNodePorts: false }));
    expect(plans).toEqual([]);
    expect(issues[0]!.message).toContain(
      'unable to support instance target type with an unallocated NodePort',
    );
  });

  test('cross-zone is switched on by the attribute', () => {
    const annotations = { 'aws-load-balancer-attributes': 'load_balancing.cross_zone.enabled=true' };
    expect(only(expose(web(annotations))).crossZone).toBe(true);
  });
});

describe('scheme, sources and addresses', () => {
  test('internet-facing goes to the public subnets', () => {
    const plan = only(expose(web({ 'aws-load-balancer-scheme': 'internet-facing' })));
    expect(plan.nodes.map(({ subnet }) => subnet)).toEqual(['public-a', 'public-b']);
  });

  test('an unknown scheme names the known ones', () => {
    const { plans, issues } = expose(web({ 'aws-load-balancer-scheme': 'public' }));
    expect(plans).toEqual([]);
    expect(issues).toMatchObject([{ code: 'elb/annotation', hint: 'known: internal, internet-facing' }]);
  });

  test('spec.loadBalancerSourceRanges beats the annotation and fills the frontend group', () => {
    const plan = only(
      expose(
        web(
          { 'load-balancer-source-ranges': '192.0.2.0/24' },
          { loadBalancerSourceRanges: ['203.0.113.0/24'] },
        ),
      ),
    );
    const [opening] = plan.frontendGroup!.ingress;
    expect('cidr' in opening!.peer && formatCidr(opening!.peer.cidr)).toBe('203.0.113.0/24');
  });

  test('pinned private addresses go to the nodes of their subnets', () => {
    const plan = only(expose(web({ 'aws-load-balancer-private-ipv4-addresses': '10.0.32.77, 10.0.16.77' })));
    expect(plan.nodes.map(({ address }) => formatIpv4(address!))).toEqual(['10.0.16.77', '10.0.32.77']);
    const wrong = expose(web({ 'aws-load-balancer-private-ipv4-addresses': '10.0.32.77, 10.0.99.77' }));
    expect(wrong.issues[0]!.message).toContain(
      'expect one private IPv4 address configured for subnet: private-a',
    );
  });

  test('a key=value list that is none is refused at the annotation', () => {
    const { plans, issues } = expose(
      web({ 'aws-load-balancer-attributes': 'load_balancing.cross_zone.enabled' }),
    );
    expect(plans).toEqual([]);
    expect(issues[0]!.message).toContain('is not a key=value pair');
  });
});
