"""What the screens say and do, without Qt."""
