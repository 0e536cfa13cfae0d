/** The validation report as pictures: predicted against measured, and the spread of errors by source. */
import { BarChart, BoxplotChart, ScatterChart } from "echarts/charts"
import { GridComponent, LegendComponent, MarkLineComponent, TitleComponent } from "echarts/components"
import * as echarts from "echarts/core"
import { SVGRenderer } from "echarts/renderers"
import type { StepExplanation } from "../../models/performance/explanation.ts"
import type { ValidatedRow } from "./report.ts"
import { quantile } from "./statistics.ts"

echarts.use([
  BarChart, BoxplotChart, ScatterChart, GridComponent, LegendComponent, MarkLineComponent, TitleComponent, SVGRenderer
])

function renderSvg(option: echarts.EChartsCoreOption, width: number, height: number): string {
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width, height })
  chart.setOption({ animation: false, backgroundColor: "#fff", ...option })
  const svg = chart.renderToSVGString()
  chart.dispose()
  return svg
}

function unique(names: ReadonlyArray<string>): string[] {
  return [...new Set(names)].sort()
}

/**
 * Measured across, predicted up, both logarithmic; one series per accelerator, on the diagonal where they
 * agree.
 */
export function plotPredictions(rows: ReadonlyArray<ValidatedRow>): string {
  const times = rows.flatMap((row) => [row.measuredS, row.predictedS])
  const least = 10 ** Math.floor(Math.log10(Math.min(...times)))
  const most = 10 ** Math.ceil(Math.log10(Math.max(...times)))
  const axis = (name: string) => ({ type: "log", name, min: least, max: most, nameLocation: "middle", nameGap: 32 })
  const series = unique(rows.map((row) => row.accelerator)).map((accelerator, i) => ({
    name: accelerator,
    type: "scatter",
    symbolSize: 5,
    data: rows.filter((row) => row.accelerator === accelerator).map((row) => [row.measuredS, row.predictedS]),
    ...(i === 0
      ? {
        markLine: {
          silent: true, symbol: "none", lineStyle: { type: "solid", color: "#888" },
          data: [[{ coord: [least, least] }, { coord: [most, most] }]]
        }
      }
      : {})
  }))
  return renderSvg({
    title: { text: "Step time, predicted against measured", left: "center" },
    legend: { bottom: 0 },
    grid: { left: 70, right: 30, top: 50, bottom: 90 },
    xAxis: axis("measured, s"),
    yAxis: axis("predicted, s"),
    series
  }, 720, 720)
}

/** A step's seconds from its arithmetic at peak, loss by loss, to the whole; losses under 0.1 % are left out. */
export function plotWaterfall(title: string, { breakdown, stepTimeS }: StepExplanation): string {
  const shown = breakdown.filter(({ timeS }) => timeS >= 0.001 * stepTimeS)
  const starts = shown.map((_, i) => shown.slice(0, i).reduce((sum, { timeS }) => sum + timeS, 0))
  const label = (seconds: number) => `${seconds.toFixed(2)} s · ${((100 * seconds) / stepTimeS).toFixed(1)} %`
  const bars = [...shown.map(({ timeS }) => timeS), stepTimeS]
  return renderSvg({
    title: { text: title, left: "center" },
    grid: { left: 190, right: 110, top: 50, bottom: 50 },
    xAxis: { type: "value", name: "s", nameLocation: "middle", nameGap: 28 },
    yAxis: { type: "category", inverse: true, data: [...shown.map(({ name }) => name), "step"] },
    series: [
      { type: "bar", stack: "step", silent: true, itemStyle: { color: "transparent" }, data: [...starts, 0] },
      {
        type: "bar",
        stack: "step",
        data: bars.map((value, i) => ({
          value,
          itemStyle: { color: i === 0 ? "#2a7f62" : i === bars.length - 1 ? "#444" : "#c8553d" },
          label: { show: true, position: "right", formatter: label(value) }
        }))
      }
    ]
  }, 900, 90 + 30 * bars.length)
}

/** Error of every source: range, quartiles and median. */
export function plotErrors(rows: ReadonlyArray<ValidatedRow>): string {
  const sources = unique(rows.map((row) => row.source))
  const boxes = sources.map((source) => {
    const errors = rows.filter((row) => row.source === source).map((row) => 100 * row.error).sort((a, b) => a - b)
    return [0, 0.25, 0.5, 0.75, 1].map((q) => quantile(errors, q))
  })
  return renderSvg({
    title: { text: "Error of the predicted step by source", left: "center" },
    grid: { left: 290, right: 30, top: 50, bottom: 50 },
    xAxis: { type: "value", name: "predicted / measured − 1, %", nameLocation: "middle", nameGap: 30 },
    yAxis: { type: "category", data: sources, inverse: true },
    series: [{ type: "boxplot", data: boxes }]
  }, 900, 90 + 34 * sources.length)
}
