/** `describe-listeners` and `describe-rules` as listeners of the topology file. */
import { type Account, all, leftOut, made } from '../aws/account.ts';
import { number, part, parts, type Resource, text, texts } from '../aws/resource.ts';
import { targetGroupName } from './target-groups.ts';

type Value = Record<string, unknown>;

const PROTOCOLS: readonly string[] = ['HTTP', 'HTTPS', 'TCP', 'UDP', 'TCP_UDP', 'TLS'];

/** Listeners of a load balancer. `rules`: it has listener rules, which `describe-rules` prints. */
export function listenersOf(account: Account, arn: string, rules: boolean): readonly Value[] {
  const together = all(account, 'LoadBalancerListeners').filter(
    (each) => text(each, 'LoadBalancerArn') === arn,
  );
  const own = [
    ...together.flatMap((each) => parts(each, 'Listeners')),
    ...all(account, 'Listeners').filter((each) => text(each, 'LoadBalancerArn') === arn),
  ];
  const seen = new Set<string>();
  return own.flatMap((listener): Value[] => {
    const id = text(listener, 'ListenerArn') ?? '';
    if (seen.has(id)) return [];
    seen.add(id);
    const protocol = text(listener, 'Protocol') ?? '';
    if (!PROTOCOLS.includes(protocol)) {
      leftOut(account, listener, `a listener of protocol ${protocol || 'unknown'} is left out`);
      return [];
    }
    return [
      made(account, listener, {
        port: number(listener, 'Port'),
        protocol,
        defaultAction: actionOf(account, listener, parts(listener, 'DefaultActions')),
        rules: rules ? rulesOf(account, id) : undefined,
      }),
    ];
  });
}

/** A listener has its default rule at least: where none is described, nobody asked. */
function rulesOf(account: Account, listener: string): readonly Value[] | 'unknown' {
  const prefix = `${listener.replace(':listener/', ':listener-rule/')}/`;
  const own = all(account, 'Rules').filter(
    (rule) => text(rule, 'ListenerArn') === listener || text(rule, 'RuleArn')?.startsWith(prefix),
  );
  const told = all(account, 'ListenerRules').find((each) => text(each, 'ListenerArn') === listener);
  if (told) own.push(...parts(told, 'Rules'));
  if (own.length === 0) return 'unknown';
  return own.flatMap((rule) => {
    const priority = Number(text(rule, 'Priority'));
    if (!Number.isInteger(priority)) return [];
    return [
      made(account, rule, {
        priority,
        conditions: parts(rule, 'Conditions').map((each) => conditionOf(account, each)),
        action: actionOf(account, rule, parts(rule, 'Actions')),
      }),
    ];
  });
}

/** The last action decides; what comes before it authenticates. */
function actionOf(account: Account, of: Resource, actions: readonly Resource[]): Value {
  const sorted = [...actions].sort((a, b) => (number(a, 'Order') ?? 0) - (number(b, 'Order') ?? 0));
  const last = sorted.at(-1);
  const before = sorted.slice(0, -1).flatMap((each) => text(each, 'Type') ?? []);
  const rest = before.length > 0 ? before : undefined;
  const status = (config: Resource | undefined): number =>
    Number(text(config, 'StatusCode')?.replace('HTTP_', ''));
  switch (last && text(last, 'Type')) {
    case 'forward':
      return made(account, last!, { type: 'forward', targetGroups: groupsOf(account, last!), before: rest });
    case 'redirect': {
      const config = part(last, 'RedirectConfig');
      return made(account, last!, {
        type: 'redirect',
        statusCode: status(config) || undefined,
        protocol: text(config, 'Protocol'),
        host: text(config, 'Host'),
        port: text(config, 'Port'),
        path: text(config, 'Path'),
        query: text(config, 'Query'),
        before: rest,
      });
    }
    case 'fixed-response':
      return made(account, last!, {
        type: 'fixed-response',
        statusCode: status(part(last, 'FixedResponseConfig')) || undefined,
        before: rest,
      });
    default:
      leftOut(account, of, `an action of type ${(last && text(last, 'Type')) ?? 'unknown'} is not modelled`);
      return made(account, of, { type: 'fixed-response', statusCode: 503 });
  }
}

function groupsOf(account: Account, action: Resource): readonly Value[] {
  const weighted = parts(part(action, 'ForwardConfig'), 'TargetGroups');
  const single = text(action, 'TargetGroupArn');
  if (weighted.length === 0)
    return single === undefined ? [] : [made(account, action, { name: targetGroupName(single) })];
  return weighted.map((each) =>
    made(account, each, {
      name: targetGroupName(text(each, 'TargetGroupArn') ?? ''),
      weight: number(each, 'Weight'),
    }),
  );
}

const CONFIGS: Readonly<Record<string, string>> = {
  'host-header': 'HostHeaderConfig',
  'path-pattern': 'PathPatternConfig',
  'http-header': 'HttpHeaderConfig',
  'http-request-method': 'HttpRequestMethodConfig',
  'query-string': 'QueryStringConfig',
  'source-ip': 'SourceIpConfig',
};

/** Values stand in the condition itself (older rules) or in the configuration of its field. */
function conditionOf(account: Account, condition: Resource): Value {
  const field = text(condition, 'Field') ?? '';
  const config = part(condition, CONFIGS[field] ?? '');
  const regex = [...texts(condition, 'RegexValues'), ...texts(config, 'RegexValues')];
  const pairs = parts(config, 'Values').map((pair) =>
    [text(pair, 'Key'), text(pair, 'Value') ?? ''].filter((one) => one !== undefined).join('='),
  );
  const plain = [...new Set([...texts(config, 'Values'), ...texts(condition, 'Values')])];
  return made(account, condition, {
    field,
    name: text(config, 'HttpHeaderName'),
    values: regex.length > 0 ? regex : field === 'query-string' && pairs.length > 0 ? pairs : plain,
    regex: regex.length > 0 ? true : undefined,
  });
}
