/** A set of files under `templates/` that works together. */
export interface Template {
  name: string;
  /** One line for people. */
  about: string;
  /** Files and folders below `templates/`. */
  parts: readonly string[];
  /** Folder below `templates/` whose files are written to the place itself; '' where parts of several belong together. */
  base: string;
}

/** What `ai-trace template` offers, in the order it is told. */
export const templates: readonly Template[] = [
  file(
    'alloy',
    'alloy/single-user.alloy',
    'Grafana Alloy to Tempo, Loki and Prometheus or Mimir, for one person',
  ),
  file('alloy-team', 'alloy/team.alloy', 'the same for a team: no series for each session'),
  file('alloy-persistent', 'alloy/persistent-queue.alloy', 'the same with its queue on disk'),
  file(
    'alloy-native',
    'alloy/native-metrics.alloy',
    'the same for CLIs that send without ai-trace, metrics too',
  ),
  file('alloy-cloud', 'alloy/grafana-cloud.alloy', 'Grafana Alloy to Grafana Cloud'),
  file(
    'collector',
    'collector/stores.yaml',
    'OpenTelemetry Collector to Tempo, Loki and Prometheus or Mimir',
  ),
  file('collector-persistent', 'collector/persistent-queue.yaml', 'the same with its queue on disk'),
  file('collector-file', 'collector/file.yaml', 'OpenTelemetry Collector to files, without any backend'),
  {
    name: 'compose',
    about: 'Alloy, Tempo, Loki, Prometheus and Grafana at once, by docker compose',
    parts: ['compose', 'alloy/single-user.alloy', 'alloy/team.alloy', 'grafana'],
    base: '',
  },
  folder('grafana', 'dashboards, alerts and data sources for Grafana'),
  folder('nix', 'a flake: the package, and a module for home-manager'),
];

function file(name: string, path: string, about: string): Template {
  return { name, about, parts: [path], base: path.slice(0, path.lastIndexOf('/')) };
}

function folder(name: string, about: string): Template {
  return { name, about, parts: [name], base: name };
}
