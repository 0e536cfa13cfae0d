/**
 * HiGHS, compiled to WebAssembly, behind the face of a backend. Loaded once (asynchronous), then synchronous.
 */
import library, { type Highs, type Model } from "highs"
import { type BasisStatus, type LinearAnswer, type LinearProgram, objectiveOf } from "../contract/linear-program.ts"
import { bareAnswer, type LinearBackend, type LinearLimits } from "./backend.ts"

/** The module's default export; its types describe the CommonJS twin, where that is one level deeper. */
const loadHighs = library as unknown as typeof library.default

/** Loads HiGHS (about 0.1 s) and gives it as a backend. */
export async function loadHighsBackend(): Promise<LinearBackend> {
  const highs = await loadHighs()
  return {
    name: "highs",
    integers: "always",
    solve: (lp, limits) => highs.withModel(modelData(highs, lp), (model) => run(highs, model, lp, limits))
  }
}

function modelData(highs: Highs, lp: LinearProgram) {
  const { columns, rows, matrix } = lp
  return {
    numCols: columns.length,
    numRows: rows.length,
    sense: highs.constants.objectiveSense[lp.sense],
    colCost: Float64Array.from(columns, (column) => column.objective),
    colLower: Float64Array.from(columns, (column) => column.lower),
    colUpper: Float64Array.from(columns, (column) => column.upper),
    rowLower: Float64Array.from(rows, (row) => row.lower),
    rowUpper: Float64Array.from(rows, (row) => row.upper),
    matrix: {
      format: "csc" as const,
      numRows: rows.length,
      numCols: columns.length,
      starts: matrix.starts,
      indices: matrix.rows,
      values: matrix.values
    },
    ...(columns.some((column) => column.integer === true)
      ? { integrality: Int32Array.from(columns, (column) => (column.integer === true ? 1 : 0)) }
      : {})
  }
}

function run(highs: Highs, model: Model, lp: LinearProgram, limits: LinearLimits | null): LinearAnswer {
  model.options.set({
    output_flag: false,
    primal_feasibility_tolerance: 1e-9,
    dual_feasibility_tolerance: 1e-10,
    mip_rel_gap: 1e-9,
    mip_abs_gap: 0,
    ...(limits === null ? {} : { time_limit: limits.timeS })
  })
  try {
    model.run()
  } catch (failure) {
    // numerical trouble; a claim without a point, which no check lets pass
    if (failure instanceof highs.errors.HighsError) return bareAnswer("highs", "optimal")
    throw failure
  }
  const status = model.getModelStatus()
  const is = highs.constants.modelStatus
  if (status === is.empty) return emptyAnswer(lp)
  if (status === is.optimal) return solution(highs, model, lp, "optimal")
  if (status === is.infeasible) return bareAnswer("highs", "infeasible")
  if (status === is.unbounded || status === is.unboundedOrInfeasible) return bareAnswer("highs", "unbounded")
  if (status !== is.timeLimit) return bareAnswer("highs", "optimal")
  return isInteger(lp) && hasPoint(highs, model) ? solution(highs, model, lp, "limit") : bareAnswer("highs", "limit")
}

/** Of a program without columns: HiGHS has no solution to read, and does not look at the rows. */
function emptyAnswer(lp: LinearProgram): LinearAnswer {
  if (lp.rows.some(({ lower, upper }) => lower > 0 || upper < 0)) return bareAnswer("highs", "infeasible")
  const [values, duals] = [new Float64Array(0), new Float64Array(lp.rows.length)]
  return {
    ...bareAnswer("highs", "optimal"), objective: 0, bound: 0, values, duals, reducedCosts: values, columnStatus: [],
    rowStatus: lp.rows.map((): BasisStatus => "basic")
  }
}

const isInteger = (lp: LinearProgram): boolean => lp.columns.some((column) => column.integer === true)

const hasPoint = (highs: Highs, model: Model): boolean =>
  model.info.get("primal_solution_status") === highs.constants.solutionStatus.feasible

function solution(highs: Highs, model: Model, lp: LinearProgram, status: "optimal" | "limit"): LinearAnswer {
  const { colValue, colDual, rowDual } = model.getSolution()
  if (isInteger(lp)) {
    const values = colValue.map((value, j) => (lp.columns[j]!.integer === true ? Math.round(value) : value))
    const bound = Number(model.info.get("mip_dual_bound"))
    return { ...bareAnswer("highs", status), values, objective: objectiveOf(lp, values), bound }
  }
  const basis = model.getBasis()
  const objective = objectiveOf(lp, colValue)
  return {
    ...bareAnswer("highs", status),
    values: colValue, duals: rowDual, reducedCosts: colDual, objective, bound: objective,
    columnStatus: Array.from(basis.colStatus, (code) => basisStatus(highs, code)),
    rowStatus: Array.from(basis.rowStatus, (code) => basisStatus(highs, code))
  }
}

function basisStatus(highs: Highs, code: number): BasisStatus {
  const is = highs.constants.basisStatus
  return code === is.basic ? "basic" : code === is.lower ? "lower" : code === is.upper ? "upper" : "free"
}
