//! What is done with the log and with notifications, as types.

use kernel::{
    guard::{Ask, InWorkspace, Kind, Nothing},
    trail::CAN_VIEW_AUDIT,
};

use crate::{
    Schema,
    permissions::{CAN_MARK_NOTIFICATIONS, CAN_VIEW_NOTIFICATIONS},
    targets::{Mine, NotificationRow, Recipient},
};

kernel::actions! {
    module Schema;
    /// Read what happened in a workspace.
    ViewAudit: CAN_VIEW_AUDIT, on InWorkspace;
    /// Read what somebody was told of.
    ViewNotifications: CAN_VIEW_NOTIFICATIONS, on Recipient;
    /// Count what one hasn't read yet.
    CountUnread: CAN_VIEW_NOTIFICATIONS, on Mine;
    /// Be told of what comes, while it comes.
    FollowEvents: CAN_VIEW_NOTIFICATIONS, on Mine;
    /// Mark one notification as read.
    MarkAsRead: CAN_MARK_NOTIFICATIONS, on NotificationRow;
    /// Mark all one's own as read.
    MarkAllAsRead: CAN_MARK_NOTIFICATIONS, on Mine;
    /// See what one is told of, and by what.
    ViewPreferences: signed in on Nothing;
    /// Say what one wants to be told of, and by what.
    ChangePreferences: signed in on Nothing;
}

/// Notifications, as questions name them.
pub const NOTIFICATIONS: Kind = Kind::forward("notification", "id", &[Ask::of::<MarkAsRead>()]);

/// A person's notifications, as questions name them: by the person's id.
pub const FEEDS: Kind = Kind::forward("notifications_of", "user_id", &[Ask::of::<ViewNotifications>()]);
