/** Ingresses and their classes (networking.k8s.io/v1). */
import type { Ingress, IngressBackend, IngressClass, IngressRule } from '../../api/objects.ts';
import type { Origin } from '../../base/origin.ts';
import type { Reading } from '../reading.ts';
import { conform } from '../shape.ts';
import { readMetadata } from './metadata.ts';
import { type IngressBackendFile, type IngressFile, ingress, ingressClass } from './schema-service.ts';

const DEFAULT_CLASS = 'ingressclass.kubernetes.io/is-default-class';
const host = /^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

export function readIngress(reading: Reading, value: Record<string, unknown>): Ingress | undefined {
  const written = conform(reading, ingress, value, 'k8s');
  const metadata =
    written && readMetadata(reading, written.metadata, { namespaced: true, names: 'subdomain' });
  if (!metadata) return undefined;
  const { ingressClassName, defaultBackend, rules, tls } = written.spec;
  if (!defaultBackend && !rules?.length && !reading.isCut(written.spec))
    reading.error(reading.of(written.spec), {
      code: 'k8s/missing-field',
      message: 'an Ingress needs a default backend or at least one rule',
    });
  const backend = defaultBackend && readBackend(reading, defaultBackend);
  return {
    kind: 'Ingress',
    metadata,
    ...(ingressClassName !== undefined && { ingressClassName }),
    ...(backend && { defaultBackend: backend }),
    rules: (rules ?? []).map((rule) => readRule(reading, rule)),
    tls: (tls ?? []).map(({ hosts = [] }) => ({ hosts })),
    origin: reading.of(value),
  };
}

type RuleFile = NonNullable<IngressFile['spec']['rules']>[number];

function readRule(reading: Reading, written: RuleFile): IngressRule {
  const name = written.host ?? '';
  if (name !== '' && !host.test(name)) {
    const hint = /^[\d.]+$/.test(name)
      ? 'an address cannot be a host'
      : 'such as app.example.com or *.example.com';
    invalid(reading, reading.of(written, 'host'), `${JSON.stringify(name)} is not a host name`, hint);
  } else if (/^\d+\.\d+\.\d+\.\d+$/.test(name))
    invalid(reading, reading.of(written, 'host'), 'the host of a rule must be a name, not an address');
  return {
    host: name,
    paths: (written.http?.paths ?? []).flatMap((entry) => {
      const { path = '', pathType } = entry;
      if (!path.startsWith('/') && (pathType !== 'ImplementationSpecific' || path !== ''))
        invalid(reading, reading.of(entry, 'path'), `the path ${JSON.stringify(path)} must begin with /`);
      const backend = readBackend(reading, entry.backend);
      return backend ? [{ path, pathType, backend, origin: reading.of(entry) }] : [];
    }),
    origin: reading.of(written),
  };
}

function readBackend(reading: Reading, written: IngressBackendFile): IngressBackend | undefined {
  const { service } = written;
  if (!service) {
    const message = 'a backend that is no Service is not modelled';
    reading.warn(reading.of(written), { code: 'k8s/not-modelled', message });
    return undefined;
  }
  const { name, number } = service.port ?? {};
  if ((name === undefined) === (number === undefined)) {
    const message = 'the port of a backend needs either a name or a number';
    reading.error(reading.of(service), {
      code: 'k8s/missing-field',
      message,
      hint: 'write port: {number: 80}',
    });
  }
  return { service: service.name, port: number ?? name ?? 0, origin: reading.of(written) };
}

export function readIngressClass(reading: Reading, value: Record<string, unknown>): IngressClass | undefined {
  const written = conform(reading, ingressClass, value, 'k8s');
  const metadata =
    written && readMetadata(reading, written.metadata, { namespaced: false, names: 'subdomain' });
  if (!metadata) return undefined;
  return {
    kind: 'IngressClass',
    metadata,
    controller: written.spec.controller,
    isDefault: metadata.annotations[DEFAULT_CLASS] === 'true',
    origin: reading.of(value),
  };
}

function invalid(reading: Reading, at: Origin, message: string, hint?: string): void {
  reading.error(at, { code: 'k8s/invalid-value', message, hint });
}
