/** Pods and what makes them. */
import type { DeploymentStrategy, Pod, PodTemplate, Workload } from '../../api/objects.ts';
import { selects } from '../../api/selectors.ts';
import type { Reading } from '../reading.ts';
import { conform } from '../shape.ts';
import { checkLabels, readMetadata, readSelector } from './metadata.ts';
import { readPodSpec } from './pod-spec.ts';
import {
  pod,
  type StrategyFile,
  type TemplateFile,
  type WorkloadKind,
  workloadSchemas,
} from './schema-pod.ts';

export function readPod(reading: Reading, value: Record<string, unknown>): Pod | undefined {
  const written = conform(reading, pod, value, 'k8s');
  const metadata =
    written && readMetadata(reading, written.metadata, { namespaced: true, names: 'subdomain' });
  if (!metadata) return undefined;
  const controller = written.metadata.ownerReferences?.find((owner) => owner.controller);
  const ready = written.status?.conditions?.find(({ type }) => type === 'Ready');
  return {
    kind: 'Pod',
    metadata,
    spec: readPodSpec(reading, written.spec),
    ...(controller && { owner: `${controller.kind}/${controller.name}` }),
    ...(ready && { declaredReady: ready.status === 'True' }),
    origin: reading.of(value),
  };
}

export function readWorkload(
  reading: Reading,
  kind: WorkloadKind,
  value: Record<string, unknown>,
): Workload | undefined {
  const written = conform(reading, workloadSchemas[kind], value, 'k8s');
  const metadata =
    written && readMetadata(reading, written.metadata, { namespaced: true, names: 'subdomain' });
  if (!metadata) return undefined;
  const { spec } = written;
  const { namespace, name } = metadata;
  const template = readTemplate(reading, spec.template);
  checkRestartPolicy(reading, kind, spec.template);
  const path = `${kind}/${namespace}/${name}.spec.replicas`;
  const serviceName = 'serviceName' in spec ? spec.serviceName : undefined;
  const common = {
    kind,
    metadata,
    replicas: 'replicas' in spec ? spec.replicas : undefined,
    ...(serviceName !== undefined && { serviceName }),
    ...('strategy' in spec && spec.strategy && { strategy: readStrategy(reading, spec.strategy) }),
    origin: reading.of(value),
  };
  if (kind === 'Job') {
    // The API server labels the pods of a Job and selects them by its uid; the name serves as well.
    const own = { 'batch.kubernetes.io/job-name': name, 'job-name': name };
    const labelled = { ...template, labels: { ...template.labels, ...own } };
    const selector = { matchLabels: { 'batch.kubernetes.io/job-name': name }, matchExpressions: [] };
    return { ...common, replicas: jobPods(spec), selector, template: labelled };
  }
  const selector = readSelector(reading, spec.selector ?? {});
  checkSelector(reading, spec, selector, template);
  const replicas = kind === 'DaemonSet' ? 1 : (common.replicas ?? reading.fill(path, 1, 'Kubernetes'));
  return { ...common, replicas, selector, template };
}

/** The API server: "may not be specified when strategy `type` is 'Recreate'", and "may not be 0 when `maxSurge` is 0". */
function readStrategy(reading: Reading, written: StrategyFile): DeploymentStrategy {
  const { type = 'RollingUpdate', rollingUpdate } = written;
  const { maxSurge, maxUnavailable } = rollingUpdate ?? {};
  const refuse = (message: string, hint: string): void =>
    reading.error(reading.of(written, 'rollingUpdate'), { code: 'k8s/invalid-value', message, hint });
  if (type === 'Recreate') {
    if (rollingUpdate) refuse('a strategy of type Recreate has no rollingUpdate', 'leave rollingUpdate out');
    return { type };
  }
  if (isNone(maxSurge) && isNone(maxUnavailable))
    refuse('maxSurge and maxUnavailable must not both be 0', 'allow one of them at least one pod');
  return { type, maxSurge: maxSurge ?? undefined, maxUnavailable: maxUnavailable ?? undefined };
}

function isNone(value: number | string | null | undefined): boolean {
  return value !== undefined && value !== null && Number.parseInt(String(value), 10) === 0;
}

/** How many pods a Job runs at once. */
function jobPods(spec: object): number {
  const {
    parallelism = 1,
    completions,
    suspend,
  } = spec as {
    parallelism?: number;
    completions?: number;
    suspend?: boolean;
  };
  return suspend ? 0 : Math.min(parallelism, completions ?? parallelism);
}

function readTemplate(reading: Reading, written: TemplateFile): PodTemplate {
  const { labels, annotations } = written.metadata ?? {};
  checkLabels(reading, labels);
  return { labels: labels ?? {}, annotations: annotations ?? {}, spec: readPodSpec(reading, written.spec) };
}

/** The API server: "`selector` does not match template `labels`", "empty selector is invalid". */
function checkSelector(
  reading: Reading,
  spec: { readonly selector?: object | undefined; readonly template: TemplateFile },
  selector: Workload['selector'],
  template: PodTemplate,
): void {
  const at = spec.selector ? reading.of(spec.selector) : reading.of(spec);
  if (reading.isCut(spec.selector, spec.template.metadata)) return;
  if (Object.keys(selector.matchLabels).length + selector.matchExpressions.length === 0) {
    reading.error(at, {
      code: 'k8s/empty-selector',
      message: 'an empty selector would select every pod and is refused',
      hint: 'write matchLabels with labels of the pod template',
    });
    return;
  }
  if (selects(selector, template.labels)) return;
  const wanted = Object.entries(selector.matchLabels).map(([key, value]) => `${key}=${value}`);
  const have = Object.entries(template.labels).map(([key, value]) => `${key}=${value}`);
  reading.error(at, {
    code: 'k8s/selector-mismatch',
    message: 'the selector does not match the labels of the pod template',
    hint: `selector ${wanted.join(', ') || '(expressions)'}, template ${have.join(', ') || 'without labels'}`,
  });
}

function checkRestartPolicy(reading: Reading, kind: WorkloadKind, template: TemplateFile): void {
  const policy = template.spec.restartPolicy;
  const isJob = kind === 'Job';
  const good = isJob
    ? policy === 'OnFailure' || policy === 'Never'
    : policy === undefined || policy === 'Always';
  if (good) return;
  const at = policy === undefined ? reading.of(template.spec) : reading.of(template.spec, 'restartPolicy');
  reading.error(at, {
    code: 'k8s/invalid-value',
    message: `restartPolicy of a ${kind}'s pods must be ${isJob ? 'OnFailure or Never' : 'Always'}`,
    hint: isJob ? 'write restartPolicy: Never' : 'leave restartPolicy out',
  });
}
