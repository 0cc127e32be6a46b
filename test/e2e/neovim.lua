-- Opens a file in Neovim with porthole as its language server, and writes what it sees: nvim -c 'luafile neovim.lua'.
local seen = {}
local path = vim.env.PORTHOLE_FILE

local function finish()
  local file = io.open(vim.env.PORTHOLE_SEEN, 'w')
  file:write(vim.fn.json_encode(seen))
  file:close()
  vim.cmd('qa!')
end

local function diagnostics()
  return vim.tbl_map(function(one)
    return { line = one.lnum, column = one.col, finish = one.end_col, code = one.code, source = one.source, severity = one.severity, message = one.message }
  end, vim.diagnostic.get(0))
end

local ok, fault = pcall(function()
  vim.cmd('edit ' .. vim.fn.fnameescape(path))
  local id = vim.lsp.start_client({ name = 'porthole', cmd = { vim.env.PORTHOLE_NODE, vim.env.PORTHOLE_SERVER }, root_dir = vim.fn.fnamemodify(path, ':h') })
  local buffer = vim.api.nvim_get_current_buf()
  vim.lsp.buf_attach_client(buffer, id)
  vim.wait(20000, function() return #vim.diagnostic.get(buffer) > 0 end, 20)
  seen.opened = diagnostics()

  -- Typing: the line moves down, and the diagnostic with it.
  vim.api.nvim_buf_set_lines(buffer, 0, 0, false, { '# first', '# sécond 🦊' })
  vim.wait(20000, function() return #vim.diagnostic.get(buffer) > 0 and vim.diagnostic.get(buffer)[1].lnum == seen.opened[1].line + 2 end, 20)
  seen.typed = diagnostics()

  local line = seen.typed[1].line
  local place = { line = line, character = 6 }
  local document = { uri = vim.uri_from_bufnr(buffer) }
  local hover = vim.lsp.buf_request_sync(buffer, 'textDocument/hover', { textDocument = document, position = place }, 20000)
  seen.hover = hover[id].result.contents.value
  local answers = vim.lsp.buf_request_sync(buffer, 'textDocument/codeAction', { textDocument = document, range = { start = place, ['end'] = place }, context = { diagnostics = {} } }, 20000)
  local actions = answers[id].result
  seen.actions = vim.tbl_map(function(action) return action.title end, actions)
  for _, action in ipairs(actions) do
    if action.title:find('Suppress') then vim.lsp.util.apply_workspace_edit(action.edit, vim.lsp.get_client_by_id(id).offset_encoding) end
  end
  vim.wait(20000, function() return #vim.diagnostic.get(buffer) == 0 end, 20)
  seen.suppressed = #vim.diagnostic.get(buffer)
  vim.cmd('write')
  vim.lsp.stop_client(id)
  seen.stopped = vim.wait(20000, function() return vim.lsp.get_client_by_id(id) == nil or vim.lsp.get_client_by_id(id).is_stopped() end, 20)
end)
if not ok then seen.fault = tostring(fault) end
finish()
