//! The money of projects, one operation per file.

mod close_period;
mod csv;
mod list_operations;
mod list_periods;
mod month_path;
mod operation_body;
mod project_report;
mod read_billing;
mod read_operation;
mod read_proof;
mod record_operation;
mod reopen_period;
mod reverse_operation;
mod set_billing;
mod workspace_report;

use kernel::http::Routes;

pub(super) fn all() -> Routes {
    kernel::routes![
        read_billing::read_project_billing,
        set_billing::set_project_billing,
        list_operations::list_operations,
        record_operation::record_operation,
        read_operation::read_operation,
        read_proof::read_operation_proof,
        reverse_operation::reverse_operation,
        project_report::read_project_report,
        workspace_report::read_workspace_report,
        list_periods::list_periods,
        close_period::close_period,
        reopen_period::reopen_period,
    ]
}
