import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type uPlot from 'uplot';
import { CopyBar, toCurl, toFetch } from '../copies.tsx';
import { query, setQuery } from '../location.ts';
import { ProblemBox, TableHead } from '../page.tsx';
import { useResource } from '../rest.ts';

/** The status of a subscription in one minute, as the service keeps it for seven days. */
interface StatusSample {
  /** How long ago the minute began. */
  readonly agoMs: number;
  readonly state: string;
  readonly lateMs: number;
  /** All events until then. */
  readonly delivered: number;
  readonly waiting: number;
  readonly dead: number;
}

/** Delivered events in the minute before a sample, and how late the poll was. */
interface Minute {
  readonly at: Date;
  readonly delivered: number;
  readonly lateSeconds: number;
  readonly waiting: number;
  readonly state: string;
}

const refreshMs = 60_000;
const ranges = ['1', '6', '24', '168'];

/** Throughput and lateness of a subscription over time, as a chart and as numbers. */
export function History({ id }: { readonly id: string }) {
  const hours = query.value.get('hours') ?? '1';
  const path = `/v1/subscriptions/${id}/history?hours=${hours}`;
  const { data, problem } = useResource<{ samples: readonly StatusSample[] }>(path, refreshMs);
  const minutes = useMemo(() => (data === undefined ? [] : toMinutes(data.samples)), [data]);
  return (
    <section aria-labelledby="history-title">
      <h2 id="history-title">Throughput and lateness</h2>
      <ProblemBox problem={problem} />
      <label>
        Last{' '}
        <select value={hours} onChange={({ currentTarget }) => setQuery('hours', currentTarget.value)}>
          {ranges.map((each) => (
            <option key={each} value={each}>{`${each} h`}</option>
          ))}
        </select>
      </label>
      {data !== undefined && minutes.length < 2 && (
        <p>The status is recorded once a minute. The chart begins with the third record.</p>
      )}
      {minutes.length >= 2 && (
        <>
          <Chart minutes={minutes} />
          <MinuteTable minutes={minutes} />
        </>
      )}
      <CopyBar
        of="this history"
        copies={{
          command: 'd365 worker status --watch',
          curl: toCurl('GET', path),
          typescript: toFetch('GET', path),
        }}
      />
    </section>
  );
}

function toMinutes(samples: readonly StatusSample[]): readonly Minute[] {
  const now = Date.now();
  return samples.slice(1).map(({ agoMs, delivered, lateMs, waiting, state }, index) => ({
    at: new Date(now - agoMs),
    delivered: Math.max(0, delivered - (samples[index]?.delivered ?? 0)),
    lateSeconds: lateMs / 1000,
    waiting,
    state,
  }));
}

const chartHeight = 220;

function Chart({ minutes }: { readonly minutes: readonly Minute[] }) {
  const host = useRef<HTMLDivElement>(null);
  const scheme = useColorScheme();
  useEffect(() => {
    let chart: uPlot | undefined;
    let isCurrent = true;
    // Loaded when it is needed: only this page has a chart.
    import('uplot').then(({ default: Plot }) => {
      if (!isCurrent || host.current === null) return;
      const data = [
        minutes.map(({ at }) => at.getTime() / 1000),
        minutes.map(({ delivered }) => delivered),
        minutes.map(({ lateSeconds }) => lateSeconds),
      ];
      chart = new Plot(optionsFor(host.current), data as uPlot.AlignedData, host.current);
    });
    return () => {
      isCurrent = false;
      chart?.destroy();
    };
  }, [minutes, scheme]);
  const most = Math.max(...minutes.map(({ delivered }) => delivered));
  const latest = Math.max(...minutes.map(({ lateSeconds }) => lateSeconds));
  return (
    <div
      ref={host}
      role="img"
      aria-label={`At most ${most} events a minute; polls were at most ${latest.toFixed(1)} seconds late`}
    />
  );
}

function optionsFor(host: HTMLElement): uPlot.Options {
  const color = (name: string) => resolveColor(host, `--${name}`);
  const [text, accent, warn, border] = [color('text'), color('accent'), color('warn'), color('border')];
  const axis = { stroke: text, grid: { stroke: border, width: 1 }, ticks: { stroke: border } };
  return {
    width: host.clientWidth,
    height: chartHeight,
    scales: { late: {} },
    series: [
      {},
      {
        label: 'delivered in the minute',
        stroke: accent,
        fill: accent.replace(')', ' / 20%)').replaceAll(',', ''),
      },
      { label: 'seconds late', stroke: warn, scale: 'late' },
    ],
    axes: [axis, axis, { ...axis, scale: 'late', side: 1, grid: { show: false } }],
  };
}

/** A canvas does not know the variables of the page. */
function resolveColor(host: HTMLElement, name: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${name})`;
  host.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

function useColorScheme(): string {
  const [isDark, setDark] = useState(() => matchMedia('(prefers-color-scheme: dark)').matches);
  useEffect(() => {
    const media = matchMedia('(prefers-color-scheme: dark)');
    const change = () => setDark(media.matches);
    media.addEventListener('change', change);
    return () => media.removeEventListener('change', change);
  }, []);
  return isDark ? 'dark' : 'light';
}

function MinuteTable({ minutes }: { readonly minutes: readonly Minute[] }) {
  return (
    <details>
      <summary>The same as numbers</summary>
      <div class="scroll">
        <table>
          <caption class="hidden">Throughput and lateness by minute, the newest first</caption>
          <TableHead names={['Minute', 'Delivered', 'Waiting', 'Late', 'State']} />
          <tbody>
            {minutes.toReversed().map(({ at, delivered, waiting, lateSeconds, state }) => (
              <tr key={at.getTime()}>
                <th scope="row">{at.toLocaleString()}</th>
                <td>{delivered}</td>
                <td>{waiting}</td>
                <td>{`${lateSeconds.toFixed(1)} s`}</td>
                <td>{state}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
