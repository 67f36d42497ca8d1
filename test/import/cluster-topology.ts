/** An EKS account in small: what the dumps of test/import/real-cluster were taken of. */
export const accountTopology = `
apiVersion: vpcsim/v1
kind: Topology
metadata: { name: shop }
vpcs:
  - name: shop
    region: us-east-1
    cidrs: [10.30.0.0/16]
    internetGateway: { name: igw }
    natGateways: [{ name: nat, subnet: public-a }]
    subnets:
      - { name: public-a, cidr: 10.30.0.0/24, az: us-east-1a, routeTable: public, tags: { kubernetes.io/role/elb: "1" } }
      - { name: public-b, cidr: 10.30.1.0/24, az: us-east-1b, routeTable: public, tags: { kubernetes.io/role/elb: "1" } }
      - { name: apps-a, cidr: 10.30.16.0/20, az: us-east-1a, routeTable: private, tags: { kubernetes.io/role/internal-elb: "1" } }
      - { name: apps-b, cidr: 10.30.32.0/20, az: us-east-1b, routeTable: private, tags: { kubernetes.io/role/internal-elb: "1" } }
    routeTables:
      - { name: main, main: true }
      - { name: public, routes: [{ to: 0.0.0.0/0, via: igw }] }
      - { name: private, routes: [{ to: 0.0.0.0/0, via: nat }] }
    securityGroups:
      - { name: bastion, ingress: [{ protocol: tcp, ports: 22, from: 198.51.100.0/24 }] }
instances:
  - { name: bastion, subnet: public-a, securityGroups: [bastion], listen: [tcp/22] }
cluster:
  name: shop
  version: "1.33"
  subnets: [apps-a, apps-b]
  serviceCidr: 172.20.0.0/16
  cni: { version: 1.19.2, env: { WARM_IP_TARGET: "2", MINIMUM_IP_TARGET: "4" } }
  nodes:
    - { name: ip-10-30-16-10.ec2.internal, subnet: apps-a, address: 10.30.16.10, instanceType: m5.large }
    - { name: ip-10-30-32-10.ec2.internal, subnet: apps-b, address: 10.30.32.10, instanceType: m5.large }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  replicas: 3
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: web
          image: public.ecr.aws/nginx/nginx:1.27
          ports: [{ containerPort: 8080 }]
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec:
  selector: { app: web }
  ports: [{ port: 80, targetPort: 8080 }]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  namespace: shop
  annotations:
    alb.ingress.kubernetes.io/scheme: internet-facing
    alb.ingress.kubernetes.io/target-type: ip
spec:
  ingressClassName: alb
  rules:
    - host: shop.example.com
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] }
---
apiVersion: v1
kind: Service
metadata:
  name: queue
  namespace: shop
  annotations: { service.beta.kubernetes.io/aws-load-balancer-scheme: internal }
spec:
  type: LoadBalancer
  loadBalancerClass: service.k8s.aws/nlb
  selector: { app: web }
  ports: [{ port: 5672, targetPort: 8080 }]
---
apiVersion: v1
kind: Pod
metadata: { name: client, namespace: shop }
spec: { containers: [{ name: client, image: public.ecr.aws/docker/library/busybox:1.37 }] }
`;
