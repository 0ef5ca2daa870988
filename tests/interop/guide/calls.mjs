// A call of each tool of each example, and what its answer says. The Inspector's command line cannot ask anybody anything, so a
// tool that asks says that it cannot.

/** What the Inspector's command line ends with. */
export const [DONE, REFUSED, TOOL_ERROR] = [0, 1, 5];

const CANNOT_ASK = { says: 'This has to ask something that your client does not support', code: TOOL_ERROR };

/** `tool: { args, says, code }` of each example. */
export const EXAMPLES = {
  hello: {
    hello: { args: { name: 'Ada' }, says: 'Hello, Ada!' },
  },
  'sales-data': {
    get_customer_sales: { args: { customer_id: 'C-1024', months: 120 }, says: 'total_cents' },
    list_orders: { args: { customer_id: 'C-1024', limit: 2, status: 'paid' }, says: 'O-2' },
    get_refund_status: { args: { order_id: 'O-20001' }, says: 'O-20001' },
    record_sale: { args: { customer_id: 'C-1024', amount_cents: 500 }, says: 'order_id' },
    refund_order: { args: { order_id: 'O-20001', amount_cents: 100 }, ...CANNOT_ASK },
    export_report: { args: { year: 2026 }, says: '2026' },
  },
  documents: {
    list_documents: { args: { folder: 'handbook' }, says: 'handbook/expenses.md' },
    fetch_document: { args: { key: 'products/prices.csv' }, says: 'Pump X200' },
  },
  'log-stream': {
    list_logs: { says: 'app.log' },
    search_logs: { args: { name: 'app.log', pattern: 'disk' }, says: 'disk full' },
  },
  patients: {
    list_notes: { args: { ward: 'oncology' }, says: 'next_cursor' },
    find_notes: { args: { word: 'café' }, says: 'Café au lait' },
    read_note: { args: { number: 2 }, says: 'sent to [EMAIL]' },
  },
  payroll: {
    get_salary: { args: { username: 'alice' }, says: '6210000' },
    list_team: { says: 'alice' },
    // It takes a further scope, for which a client with a user would ask.
    total_salaries: { says: 'Insufficient scope', code: REFUSED },
  },
  conformance: {
    test_simple_text: { says: 'simple text' },
    test_image_content: { says: 'iVBOR' },
    test_audio_content: { says: 'UklGR' },
    test_embedded_resource: { says: 'embedded resource' },
    test_multiple_content_types: { says: 'Multiple content types' },
    test_error_handling: { says: 'intentionally returns an error', code: TOOL_ERROR },
    test_x_mcp_header: { args: { region: 'eu' }, says: 'Region: eu' },
    test_tool_with_progress: { says: 'completed' },
    test_tool_with_logging: { says: 'successfully' },
    test_logging_tool: { says: 'Logged' },
    test_reconnection: { says: 'successfully' },
    test_trigger_tool_change: { says: 'Told everybody' },
    test_trigger_prompt_change: { says: 'Told everybody' },
    test_sampling: { args: { prompt: 'hello' }, ...CANNOT_ASK },
    test_missing_capability: CANNOT_ASK,
    test_elicitation: { args: { message: 'hello' }, ...CANNOT_ASK },
    test_elicitation_sep1034_defaults: CANNOT_ASK,
    test_elicitation_sep1330_enums: CANNOT_ASK,
    test_streaming_elicitation: CANNOT_ASK,
    test_input_required_result_elicitation: CANNOT_ASK,
    test_input_required_result_sampling: CANNOT_ASK,
    test_input_required_result_list_roots: { says: 'The client works in' },
    test_input_required_result_request_state: CANNOT_ASK,
    test_input_required_result_multiple_inputs: CANNOT_ASK,
    test_input_required_result_multi_round: CANNOT_ASK,
    test_input_required_result_tampered_state: CANNOT_ASK,
    test_input_required_result_capabilities: CANNOT_ASK,
    json_schema_2020_12_tool: { says: '{}' },
  },
};
