/** What the readers accept, as their own sources list it. */

/**
 * Of Megatron-LM's `pretrain_gpt.py --help` (March 2025, core 0.12) and, from the last line of each on,
 * megatron/training/arguments.py of later releases: arguments with one value.
 */
export const megatronArguments: ReadonlyArray<string> = [
  "num-layers", "hidden-size", "ffn-hidden-size", "num-attention-heads", "kv-channels", "num-query-groups",
  "max-position-embeddings", "position-embedding-type", "normalization", "micro-batch-size", "global-batch-size",
  "recompute-granularity", "recompute-method", "recompute-num-layers", "train-samples", "tensor-model-parallel-size",
  "pipeline-model-parallel-size", "pipeline-model-parallel-layout", "num-virtual-stages-per-pipeline-rank",
  "num-distributed-optimizer-instances",
  "context-parallel-size", "seq-length", "vocab-size", "tokenizer-type", "expert-model-parallel-size",
  "expert-tensor-parallel-size", "num-experts", "moe-layer-freq", "moe-ffn-hidden-size",
  "moe-shared-expert-intermediate-size", "moe-router-topk", "moe-token-dispatcher-type", "q-lora-rank", "kv-lora-rank",
  "qk-head-dim", "qk-pos-emb-head-dim", "v-head-dim", "fp8-format", "ckpt-format",
  "fp8-recipe", "fp4-format", "fp4-recipe", "mtp-num-layers", "data-parallel-sharding-strategy", "window-size",
  "window-attn-skip-freq", "microbatch-group-size-per-virtual-pipeline-stage"
]

/** Arguments without a value. */
export const megatronFlags: ReadonlyArray<string> = [
  "group-query-attention", "swiglu", "untie-embeddings-and-output-weights", "multi-latent-attention",
  "disable-bias-linear",
  "sequence-parallel", "fp16", "bf16", "use-distributed-optimizer", "overlap-grad-reduce", "overlap-param-gather",
  "account-for-embedding-in-pipeline-split", "account-for-loss-in-pipeline-split", "use-tp-pp-dp-mapping",
  "optimizer-cpu-offload", "use-precision-aware-optimizer", "moe-grouped-gemm",
  "use-megatron-fsdp"
]

/**
 * Of torchtitan/config/job_config.py as it was from September 2025, when quantisation moved to tables of its own, to the last
 * releases 0.2 that read TOML: keys by table. Unknown ones are refused (config/manager.py).
 */
export const torchtitanKeys: Readonly<Record<string, ReadonlyArray<string>>> = {
  job: ["config_file", "dump_folder", "description"],
  model: ["name", "flavor", "converters"],
  training: ["local_batch_size", "global_batch_size", "seq_len", "steps", "enable_cpu_offload"],
  parallelism: [
    "data_parallel_replicate_degree", "data_parallel_shard_degree", "fsdp_reshard_after_forward",
    "tensor_parallel_degree", "pipeline_parallel_degree", "module_fqns_per_model_part",
    "pipeline_parallel_first_stage_less_layers", "pipeline_parallel_last_stage_less_layers",
    "pipeline_parallel_layers_per_stage", "pipeline_parallel_schedule", "pipeline_parallel_microbatch_size",
    "context_parallel_degree", "expert_parallel_degree", "expert_tensor_parallel_degree"
  ],
  activation_checkpoint: ["mode", "selective_ac_option"],
  "quantize.linear.float8": ["recipe_name"],
  "quantize.linear.mx": ["recipe_name"],
  "quantize.grouped_mm.float8": ["fqns"],
  "quantize.grouped_mm.mx": ["fqns"]
}

/** Of calculon/llm/llm.py (Application, Execution) and calculon/system.py: application, execution, system. */
export const calculonKeys: readonly [ReadonlyArray<string>, ReadonlyArray<string>, ReadonlyArray<string>] = [
  ["name", "hidden", "feedforward", "seq_size", "attn_heads", "attn_size", "num_blocks"],
  [
    "training", "num_procs", "tensor_par", "pipeline_par", "data_par", "tensor_par_net", "pipeline_par_net",
    "data_par_net",
    "batch_size", "microbatch_size", "datatype", "fused_activation", "attention_type", "activation_recompute",
    "pipeline_interleaving", "optimizer_sharding", "tensor_par_comm_type", "tensor_par_overlap", "seq_par_ag_redo",
    "data_par_overlap", "weight_offload", "activations_offload", "optimizer_offload"
  ],
  ["matrix", "vector", "mem1", "mem2", "processing_mode", "networks"]
]
