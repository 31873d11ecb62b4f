import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { expanded, grants, readDashboards, readGrafana, type Panel } from './grafana-files.ts';

const dashboards = readDashboards();
const source = (parse(readGrafana('provisioning/datasources/wanglou.yaml')) as { datasources: { uid: string; type: string; jsonData: { username: string } }[] }).datasources[0]!; // prettier-ignore

/** What says who somebody is, what they did it for, or what a line said. */
const PERSONAL =
  /\b(actor|person|account|client_address|device|session|raw|message|data_subjects|case_number|purpose|recipient|target|attributes|explanation_\w+|group_key|event_ids|steps|assignee|text|by)\b/i;

describe.each([...dashboards])('the dashboard %s', (file, { uid, title, description, panels, templating }) => {
  const targets = panels.flatMap((panel) => panel.targets.map((target) => ({ panel, target })));

  it('keeps the id that links to it have', () => {
    expect(file).toBe(`${uid}.json`);
    expect(panels.length).toBeGreaterThan(2);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  });

  it('is titled and described in Chinese and English, panel by panel', () => {
    for (const text of [title, description, ...panels.flatMap((panel) => [panel.title, panel.description])]) {
      expect(text).toMatch(/\p{Script=Han}/u);
      expect(text).toMatch(/[A-Za-z]{3}/);
    }
  });

  it('has every panel on the grid, and none over another', () => {
    const covers = (one: Panel, other: Panel): boolean => {
      const [a, b] = [one.gridPos, other.gridPos];
      return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
    };
    for (const [n, panel] of panels.entries()) {
      expect(panel.gridPos.x + panel.gridPos.w).toBeLessThanOrEqual(24);
      expect(panels.slice(n + 1).filter((other) => covers(panel, other))).toEqual([]);
    }
  });

  it('asks the data source that is provisioned, in every panel and variable', () => {
    const { uid: known, type } = source;
    const asked = [
      ...panels.map(({ datasource }) => datasource),
      ...targets.map(({ target }) => target.datasource),
      ...templating.list.flatMap(({ type: kind, datasource }) => (kind === 'query' ? [datasource] : [])),
    ];
    for (const datasource of asked) expect(datasource).toEqual({ type, uid: known });
  });

  it('leaves no variable and no macro unknown', () => {
    const names = new Set(templating.list.map(({ name }) => name));
    for (const { panel, target } of targets) {
      const used = [...target.rawSql.matchAll(/\$\{(\w+)[:}]|\$(?!_)(\w+)/g)].map(
        ([, braced, plain]) => braced ?? plain!,
      );
      expect(used.filter((name) => !names.has(name))).toEqual([]);
      expect(expanded(target.rawSql, { from: 0, to: 1_000, stepSeconds: 60 })).not.toMatch(/\$/);
      expect(target.format).toBe(panel.type === 'timeseries' ? 0 : 1);
    }
  });

  it('asks for nothing that says who somebody is', () => {
    for (const { target } of targets) expect(target.rawSql.replace(/(GROUP|ORDER) BY/g, '')).not.toMatch(PERSONAL);
  });
});

describe('the account of Grafana', () => {
  it('is the one that the data source uses, and may only read', () => {
    expect(readGrafana('user.sql')).toContain(`CREATE USER IF NOT EXISTS ${source.jsonData.username} `);
    expect(readGrafana('user.sql')).toContain('readonly = 1');
    expect(readGrafana('user.sql').match(/^GRANT (?!SELECT)/gm)).toBeNull();
  });

  it('may read no column that says who somebody is', () => {
    const columns = [...grants()].flatMap(([table, names]) => (names ?? []).map((name) => [table, name] as const));
    expect(columns.length).toBeGreaterThan(40);
    expect(columns.filter(([, name]) => PERSONAL.test(name))).toEqual([]);
  });
});
