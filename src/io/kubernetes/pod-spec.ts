/** The specification of a pod: what decides where it runs, which addresses it has and where it listens. */
import type { NodeSelectorTerm, PodSpec, Toleration } from '../../api/objects.ts';
import type { Reading } from '../reading.ts';
import { readContainers } from './containers.ts';
import { checkLabels, checkName, checkValues, readSelector } from './metadata.ts';
import type { PodSpecFile } from './schema-pod.ts';

export function readPodSpec(reading: Reading, written: PodSpecFile): PodSpec {
  const hostNetwork = written.hostNetwork ?? false;
  const names = new Set<string>();
  const { nodeName, hostname, subdomain } = written;
  checkLabels(reading, written.nodeSelector);
  warnOfPodAffinity(reading, written);
  return {
    initContainers: readContainers(reading, written.initContainers, hostNetwork, names),
    containers: readContainers(reading, written.containers, hostNetwork, names),
    ...(nodeName !== undefined && { nodeName }),
    nodeSelector: written.nodeSelector ?? {},
    requiredNodeTerms: readNodeTerms(reading, written),
    tolerations: readTolerations(reading, written),
    topologySpreadConstraints: (written.topologySpreadConstraints ?? []).map((constraint) => ({
      maxSkew: constraint.maxSkew,
      topologyKey: constraint.topologyKey,
      whenUnsatisfiable: constraint.whenUnsatisfiable,
      labelSelector: constraint.labelSelector && readSelector(reading, constraint.labelSelector),
    })),
    hostNetwork,
    dnsPolicy: written.dnsPolicy ?? 'ClusterFirst',
    readinessGates: (written.readinessGates ?? []).map(({ conditionType }) => conditionType),
    ...(hostname !== undefined && { hostname }),
    ...(subdomain !== undefined && { subdomain }),
    ...readServiceAccount(reading, written),
  };
}

/** `serviceAccount` is the older spelling; both are in what the API server gives out. */
function readServiceAccount(reading: Reading, written: PodSpecFile): Pick<PodSpec, 'serviceAccountName'> {
  const key = written.serviceAccountName ? 'serviceAccountName' : 'serviceAccount';
  const name = written[key];
  if (!name || name === 'default') return {};
  checkName(reading, written, key, name, 'subdomain');
  return { serviceAccountName: name };
}

function readNodeTerms(reading: Reading, written: PodSpecFile): readonly NodeSelectorTerm[] {
  const required = written.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return (required?.nodeSelectorTerms ?? []).map((term) => {
    if (term.matchFields)
      reading.warn(reading.of(term, 'matchFields'), {
        code: 'k8s/not-modelled',
        message: 'matchFields of node affinity is not modelled and has no effect',
        hint: 'match the label kubernetes.io/hostname, or write nodeName',
      });
    return {
      matchExpressions: (term.matchExpressions ?? []).map((expression) => {
        checkValues(reading, expression);
        return { key: expression.key, operator: expression.operator, values: expression.values ?? [] };
      }),
    };
  });
}

function readTolerations(reading: Reading, written: PodSpecFile): readonly Toleration[] {
  return (written.tolerations ?? []).flatMap((toleration) => {
    const { key = '', operator = 'Equal', value = '', effect = '' } = toleration;
    if (operator === 'Lt' || operator === 'Gt') {
      const message = `the toleration operator ${operator} is not modelled and has no effect`;
      reading.warn(reading.of(toleration, 'operator'), { code: 'k8s/not-modelled', message });
      return [];
    }
    if (key === '' && operator !== 'Exists') {
      const message = 'a toleration without key must have the operator Exists';
      reading.error(reading.of(toleration), { code: 'k8s/invalid-value', message });
    } else if (operator === 'Exists' && value !== '') {
      const message = 'a toleration with the operator Exists has no value';
      reading.error(reading.of(toleration, 'value'), { code: 'k8s/invalid-value', message });
    }
    return [{ key, operator, value, effect }];
  });
}

function warnOfPodAffinity(reading: Reading, written: PodSpecFile): void {
  for (const key of ['podAffinity', 'podAntiAffinity'] as const) {
    const affinity = written.affinity?.[key];
    if (!affinity?.requiredDuringSchedulingIgnoredDuringExecution?.length) continue;
    reading.warn(reading.of(affinity), {
      code: 'k8s/not-modelled',
      message: `required ${key} is not modelled: it does not influence where pods are placed`,
      hint: 'use topologySpreadConstraints, or pin pods under cluster.placements',
    });
  }
}
