/** What `aws elbv2 describe-*` would print of the load balancers of a world of ours. */
import { formatCidr } from '../../../src/addressing/cidr.ts';
import { formatIpv4 } from '../../../src/addressing/ip.ts';
import type { ActionPlan, ConditionPlan } from '../../../src/elb/plan.ts';
import type { Target } from '../../../src/vpc/target-group.ts';
import type { Balanced } from '../../../src/world/load-balancers.ts';
import type { Account, Json } from './ec2.ts';
import { elbArn, elbId, id } from './ids.ts';

export function elbv2({ vpc, site }: Account): Record<string, Json[]> {
  const VpcId = id('vpc', vpc.name);
  const all = site.balancers;
  return {
    LoadBalancers: all.map(({ plan, nodes }) => ({
      LoadBalancerArn: arnOf(plan),
      LoadBalancerName: plan.name,
      DNSName: plan.dnsName,
      Scheme: plan.scheme,
      Type: plan.kind === 'alb' ? 'application' : 'network',
      State: { Code: 'active' },
      VpcId,
      SecurityGroups: plan.securityGroups.map((group) => id('sg', group)),
      AvailabilityZones: nodes.map(({ az, subnet }) => ({
        ZoneName: az,
        SubnetId: id('subnet', subnet),
        LoadBalancerAddresses: [],
      })),
    })),
    LoadBalancerAttributes: all.map(({ plan }) => ({
      LoadBalancerArn: arnOf(plan),
      Attributes: [{ Key: 'load_balancing.cross_zone.enabled', Value: String(plan.crossZone) }],
    })),
    Listeners: all.flatMap(({ plan }) =>
      plan.listeners.map(({ port, protocol, defaultAction }) => ({
        ListenerArn: listenerArn(plan, port, protocol),
        LoadBalancerArn: arnOf(plan),
        Port: port,
        Protocol: protocol,
        DefaultActions: [actionOf(defaultAction)],
      })),
    ),
    Rules: all
      .filter(({ plan }) => plan.kind === 'alb')
      .flatMap(({ plan }) =>
        plan.listeners.flatMap(({ port, protocol, rules, defaultAction }) => {
          const arn = listenerArn(plan, port, protocol).replace(':listener/', ':listener-rule/');
          return [
            ...rules.map(({ priority, conditions, action }) => ({
              RuleArn: `${arn}/${elbId(`rule ${priority}`)}`,
              Priority: String(priority),
              IsDefault: false,
              Conditions: conditions.map(conditionOf),
              Actions: [actionOf(action)],
            })),
            {
              RuleArn: `${arn}/${elbId('default')}`,
              Priority: 'default',
              IsDefault: true,
              Conditions: [],
              Actions: [actionOf(defaultAction)],
            },
          ];
        }),
      ),
    TargetGroups: all.flatMap(({ plan }) =>
      plan.targetGroups.map(({ name, targetType, port, protocol }) => ({
        TargetGroupArn: groupArn(name),
        TargetGroupName: name,
        TargetType: targetType,
        Port: port,
        Protocol: protocol,
        VpcId,
        LoadBalancerArns: [arnOf(plan)],
      })),
    ),
    TargetGroupAttributes: all.flatMap(({ plan }) =>
      plan.targetGroups.map(({ name, preserveClientIp }) => ({
        TargetGroupArn: groupArn(name),
        Attributes: [
          ...(plan.kind === 'nlb'
            ? [{ Key: 'preserve_client_ip.enabled', Value: String(preserveClientIp) }]
            : []),
          { Key: 'load_balancing.cross_zone.enabled', Value: 'use_load_balancer_configuration' },
        ],
      })),
    ),
    LoadBalancerTargetHealth: all.flatMap(({ plan }) =>
      plan.targetGroups.map(({ name, targetType, targets }) => ({
        TargetGroupArn: groupArn(name),
        TargetHealthDescriptions: targets.map((target) => ({
          Target: targetOf(target, targetType),
          TargetHealth: { State: target.health, ...(target.reason !== '' && { Reason: target.reason }) },
        })),
      })),
    ),
  };
}

type Plan = Balanced['plan'];

function arnOf({ kind, name }: Plan): string {
  return elbArn('loadbalancer', `${kind === 'alb' ? 'app' : 'net'}/${name}/${elbId(name)}`);
}

function listenerArn(plan: Plan, port: number, protocol: string): string {
  return `${arnOf(plan).replace(':loadbalancer/', ':listener/')}/${elbId(`${port} ${protocol}`)}`;
}

function groupArn(name: string): string {
  return elbArn('targetgroup', `${name}/${elbId(name)}`);
}

function targetOf({ label, address, port, az }: Target, type: string): Json {
  return type === 'instance'
    ? { Id: id('i', label.slice(label.indexOf('/') + 1)), Port: port }
    : { Id: formatIpv4(address), Port: port, AvailabilityZone: az };
}

function actionOf(action: ActionPlan): Json {
  switch (action.type) {
    case 'forward':
      return {
        Type: 'forward',
        Order: 1,
        ForwardConfig: {
          TargetGroups: action.targetGroups.map(({ name, weight }) => ({
            TargetGroupArn: groupArn(name),
            Weight: weight,
          })),
        },
      };
    case 'redirect':
      return {
        Type: 'redirect',
        Order: 1,
        RedirectConfig: {
          Protocol: action.protocol,
          Host: action.host,
          Port: action.port,
          Path: action.path,
          Query: action.query,
          StatusCode: `HTTP_${action.statusCode}`,
        },
      };
    case 'fixed-response':
      return {
        Type: 'fixed-response',
        Order: 1,
        FixedResponseConfig: { StatusCode: String(action.statusCode), ContentType: action.contentType },
      };
  }
}

function conditionOf(condition: ConditionPlan): Json {
  switch (condition.field) {
    case 'host-header':
      return { Field: condition.field, HostHeaderConfig: { Values: condition.values } };
    case 'path-pattern':
      return { Field: condition.field, PathPatternConfig: { Values: condition.values } };
    case 'source-ip':
      return { Field: condition.field, SourceIpConfig: { Values: condition.values.map(formatCidr) } };
    default:
      throw new Error(`no fixture has ${condition.field}`);
  }
}
